import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the program once, for the tests that start it. */
export default function setup(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  execFileSync('npm', ['run', '--silent', 'build:program'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
