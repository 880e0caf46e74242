import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { ENTER_SCREEN, LEAVE_SCREEN } from '../../src/format/screen.ts'
import { PROGRAM, type TestShell, testShell } from '../helpers/run-program.ts'

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes(
  'util-linux',
)

/** Runs a call until its output has a text, then does something; in the end all of its output. */
function untilSaid(
  { directory, env }: TestShell,
  command: readonly string[],
  steps: readonly [text: string, act: (pid: number, type: (keys: string) => void) => unknown][],
): Promise<{ exitCode: number | null; said: string }> {
  const [file = '', ...words] = command
  const child = spawn(file, words, { cwd: directory, env: { ...env, TERM: 'xterm' } })
  const left = [...steps]
  return new Promise((resolve) => {
    let said = ''
    let from = 0
    child.stdout.on('data', (chunk) => {
      said += chunk
      const [text, act] = left[0] ?? []
      const at = text === undefined ? -1 : said.indexOf(text, from)
      if (text === undefined || at < 0) return
      from = at + text.length
      left.shift()
      act?.(child.pid ?? 0, (keys) => child.stdin.write(keys))
    })
    child.on('close', (exitCode) => resolve({ exitCode, said }))
  })
}

describe('tphctl watch', () => {
  it('tells in a pipe what another tphctl does, and a signal ends it', async () => {
    const shell = testShell()
    const call = [process.execPath, PROGRAM, 'watch', '81:00.0', '--interval', '0.1']
    const { exitCode, said } = await untilSaid(shell, call, [
      ['}\n', () => shell.tphctl(['set', '81:00.0', '0=3'])],
      // Between the change and the end of the command that made it, its CPU is not known.
      ['"cpu":3', (pid) => process.kill(pid, 'SIGTERM')],
    ])
    expect(exitCode).toBe(143)
    const events = said
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(events[0]).toMatchObject({ event: 'start' })
    expect(events.at(-1)).toMatchObject({
      event: 'change',
      changedEntries: [{ index: 0, cpu: 3 }],
    })
  })

  it('ends with 0 at the first event after its reader is gone', async () => {
    const { sh } = testShell()
    const script = `
      { tphctl watch 81:00.0 --interval 0.1; echo $? >code; } | head -1 >start
      cat code`
    const changing = `
      until [ -s start ]; do sleep 0.05; done
      tphctl set 81:00.0 0=1 >/dev/null`
    const { stdout } = await sh(`(${changing}) & ${script}; wait`)
    expect(stdout).toBe('0\n')
  })
})

describe.skipIf(!hasScript)(
  'tphctl watch on a pseudo-terminal (needs script of util-linux)',
  () => {
    it('leaves with q and puts the terminal back', async () => {
      const shell = testShell()
      const inside = 'stty -g; tphctl watch 81:00.0; echo code $?; stty -g'
      const call = ['script', '-qec', inside, '/dev/null']
      const { said } = await untilSaid(shell, call, [['q quits', (_, type) => type('q')]])
      expect(said).toContain('code 0')
      const [before, after] = said.match(/^[0-9a-f]+(?::[0-9a-f]+){5,}/gm) ?? []
      expect(after).toBe(before)
      expect(said.indexOf(LEAVE_SCREEN)).toBeGreaterThan(said.indexOf(ENTER_SCREEN))
    })
  },
)
