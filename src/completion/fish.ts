/** For fish 3 or later. */
export const fishScript = `# fish completion of tphctl(1)
function __tphctl_complete
    set -l word (commandline -ct)
    set -l before (commandline -opc)
    set -l answer (tphctl __complete $before[2..-1] "$word" 2>/dev/null </dev/null)
    set -l value (string replace -r '^-[^=]*=' '' -- "$word")
    set -l option (string match -r '^-[^=]*=' -- "$word"; or echo)
    switch "$answer[1]"
        case files
            printf '%s\\n' $option(__fish_complete_path $value)
        case folders
            printf '%s\\n' $option(__fish_complete_directories $value)
        case words open
            printf '%s\\n' $answer[2..-1]
    end
end
complete -c tphctl -f -a '(__tphctl_complete)'
`
