/** For zsh with compinit, sourced or found as `_tphctl` in fpath. */
export const zshScript = `#compdef tphctl
# zsh completion of tphctl(1)
_tphctl() {
  local -a answer found suffix
  local line
  answer=("\${(@f)$(tphctl __complete "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  case \${answer[1]} in
    files) [[ $PREFIX == -*=* ]] && compset -P 1 '*='; _files ;;
    folders) [[ $PREFIX == -*=* ]] && compset -P 1 '*='; _files -/ ;;
    words | open)
      [[ \${answer[1]} == open ]] && suffix=(-S '')
      for line in "\${(@)answer[2,-1]}"; do
        found+=("\${line//:/\\:}")
      done
      found=("\${(@)found/$'\\t'/:}")
      _describe -V tphctl found "\${(@)suffix}"
      ;;
    *) return 1 ;;
  esac
}
if [[ \${funcstack[1]-} == _tphctl ]]; then
  _tphctl "$@"
else
  compdef _tphctl tphctl
fi
`
