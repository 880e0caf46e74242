import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { zshScript } from './zsh.ts'

/**
 * The completion scripts, by shell. None knows a command or option: each asks `tphctl __complete WORD...` what may stand at the
 * cursor, so it fits every version of tphctl.
 */
export const completionScripts: Readonly<Record<string, string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}
