import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the program, its manual and completions once, for the tests that use them. */
export default function setup(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  for (const script of ['build:program', 'build:share']) {
    execFileSync('npm', ['run', '--silent', script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  }
}
