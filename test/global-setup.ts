import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CODE_CACHE } from './helpers/code-cache.ts'

/** Builds the program, its manual and completions once, for the tests that use them. */
export default function setup(): void {
  rmSync(CODE_CACHE, { recursive: true, force: true })
  process.env['TPHCTL_CODE_CACHE'] = CODE_CACHE
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  for (const script of ['build:program', 'build:share']) {
    execFileSync('npm', ['run', '--silent', script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  }
}
