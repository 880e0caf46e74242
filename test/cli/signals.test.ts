import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testShell } from '../helpers/run-program.ts'

/**
 * Ends tphctl while it reads: its standard input stays open, and more than a pipe holds has gone into it, so it runs and
 * cannot have finished.
 */
const interrupted = (signal: string) => `
  mkfifo input || exit 99
  tphctl -q set 81:00.0 - <input &
  exec 3>input
  yes 0=1 | head -c 1000000 >&3
  kill -${signal} $!
  wait $!
  echo $?`

describe('a signal', () => {
  it.each([
    ['HUP', 129],
    ['INT', 130],
    ['TERM', 143],
    ['KILL', 137],
  ])('SIG%s ends tphctl with %i as a shell sees it, nothing changed', async (signal, status) => {
    const shell = testShell()
    const run = await shell.sh(interrupted(signal))
    expect(run.stdout).toBe(`${status}\n`)
    expect(existsSync(`${shell.directory}/state`)).toBe(false)
  })

  it('leaves no lock behind', async () => {
    const shell = testShell()
    await shell.sh(interrupted('KILL'))
    const run = await shell.tphctl(['--wait', '0', '-q', 'set', '81:00.0', '0=1'])
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  })
})
