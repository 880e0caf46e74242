import { describe, expect, it } from 'vitest'
import { main } from '../src/main.ts'
import { fakeIo } from './helpers/fake-io.ts'
import { runOnce, testHost } from './helpers/run-main.ts'

describe('main', () => {
  it('writes stdout in one piece, so that no reader sees half a document', async () => {
    const { io } = fakeIo({
      env: { TPHCTL_BACKEND: 'mock', TPHCTL_MOCK_STATE: '/nonexistent/state' },
    })
    const pieces: string[] = []
    const stdout = { isTerminal: false, isOver: false, write: (text: string) => pieces.push(text) }
    expect(await main(['list', '--json'], { ...io, stdout })).toBe(0)
    expect(pieces).toHaveLength(1)
  })

  it('calls what nobody expected a bug, with exit code 8', async () => {
    const { io, written } = fakeIo()
    const stdout = {
      isTerminal: false,
      isOver: false,
      write: () => {
        throw new RangeError('boom')
      },
    }
    expect(await main(['version'], { ...io, stdout })).toBe(8)
    expect(written.stderr).toContain('a bug in tphctl')
  })

  it.each(['-vo json', '-qojson', '--output=json', '-o json'])(
    'an error behind "%s" is json like the result would be',
    async (options) => {
      const { stderr, exitCode } = await runOnce(`${options} -q get 81:00.1 0`)
      expect(exitCode).toBe(4)
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'notFound' } })
    },
  )

  it('a word that only looks like --json leaves errors as text', async () => {
    const { stderr, exitCode } = await runOnce('set 81:00.0 -- --json')
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^tphctl: Cannot parse ENTRY "--json": /)
  })

  it('with json says which backend answered; what asks none says none', async () => {
    expect(JSON.parse((await runOnce('list --json')).stdout)).toMatchObject({
      schemaVersion: 1,
      backend: 'mock',
    })
    expect(JSON.parse((await runOnce('version --json')).stdout)).not.toHaveProperty('backend')
  })

  it('--dry-run changes nothing of any command', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=1')
    await host.run('set 81:00.0 0=2')
    await host.run('enable 81:00.0 --mode iv')
    const before = await Promise.all([host.run('get 81:00.0'), host.run('info 81:00.0')])
    const calls = [
      'set 81:00.0 0=3',
      'clear 81:00.0 0',
      'undo',
      'undo 81:00.0',
      'disable 81:00.0',
      'tag 83:00.0 1',
      'mock reset',
    ]
    for (const call of calls) {
      expect((await host.run(`--dry-run ${call}`)).exitCode, call).toBe(0)
      expect((await host.run(`-n -v ${call}`)).stderr, call).not.toMatch(
        /^(ioctl VFIO_DEVICE_FEATURE SET|write)/m,
      )
    }
    expect(await Promise.all([host.run('get 81:00.0'), host.run('info 81:00.0')])).toEqual(before)
  })

  it('mock reset forgets what was set, and what undo would put back', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=1')
    await host.run('mock reset')
    expect((await host.run('get 81:00.0 0')).stdout).toBe('0\t0x0000\t-\t-\n')
    expect((await host.run('undo')).stderr).toBe('tphctl: note: nothing to undo in this boot\n')
  })
})
