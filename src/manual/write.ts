import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { completionScripts } from '../completion/scripts.ts'
import { manualPage } from './page.ts'

/*
 * A program of the build ("npm run build:share"): writes what share/ has of the command table, below the current folder.
 */

/** Where a shell looks for the script, below share/completions. */
const COMPLETIONS: Readonly<Record<string, string>> = {
  bash: 'bash/tphctl',
  zsh: 'zsh/_tphctl',
  fish: 'fish/tphctl.fish',
}

for (const [shell, script] of Object.entries(completionScripts)) {
  write(join('completions', COMPLETIONS[shell] ?? shell), script)
}
manualPage().then((page) => write('man/man1/tphctl.1', page))

function write(name: string, text: string): void {
  const path = join('share', name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
