import { completionScripts } from '../completion/scripts.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl completion SHELL`. */
export const completion: CommandSpec = {
  arguments: [
    {
      name: '<shell>',
      description: 'the shell that the script is for',
      choices: Object.keys(completionScripts),
    },
  ],
  options: [],
  examples: ['completion bash', 'completion fish > ~/.config/fish/completions/tphctl.fish'],
  run({ words: [shell = ''] }) {
    const script = completionScripts[shell] ?? ''
    return { result: { kind: 'completion', value: { shell, script } } }
  },
}
