/**
 * For bash 4 or later, with or without the package bash-completion. Bash splits words at `:`, `=` and `@` too: they are put
 * together again, and of the answers it gets the part behind the last of those (of `@` with it), unless a quote began the word.
 */
export const bashScript = `# bash completion of tphctl(1)
_tphctl() {
  local rest=\${COMP_LINE:0:COMP_POINT} words=() part i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    part=\${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:blank:]]* || -z $rest ]]; then
      words+=('')
      rest=\${rest#"\${rest%%[![:blank:]]*}"}
    fi
    [[ $rest == "$part"* ]] || part=$rest
    rest=\${rest#"$part"}
    words[-1]+=$part
  done

  local word=\${words[-1]} answer=()
  words=("\${words[@]//[\\"\\'\\\\]/}")
  mapfile -t answer < <(tphctl __complete "\${words[@]:1}" 2>/dev/null </dev/null)
  case \${answer[0]-} in
    files | folders)
      local value=$word start='' kind=-f
      [[ $word == -*=* ]] && value=\${word#*=} start=\${word%%=*}=
      [[ \${answer[0]} == folders ]] && kind=-d
      mapfile -t answer < <(compgen "$kind" -P "$start" -- "$value")
      compopt -o filenames 2>/dev/null
      ;;
    open)
      compopt -o nospace 2>/dev/null
      answer=("\${answer[@]:1}")
      ;;
    *) answer=("\${answer[@]:1}") ;;
  esac

  local breaks=\${COMP_WORDBREAKS//[^:=@]/} before=''
  [[ $breaks && $word != [\\"\\']* && $word == *["$breaks"]* ]] && before=\${word%"\${word##*["$breaks"]}"}
  before=\${before%@}
  COMPREPLY=("\${answer[@]%%$'\\t'*}")
  COMPREPLY=("\${COMPREPLY[@]#"$before"}")
}
complete -F _tphctl tphctl
`
