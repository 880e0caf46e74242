import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { watch } from '../../src/commands/watch.ts'
import { watchOn } from '../../src/commands/watch-loop.ts'
import { RefusedError } from '../../src/errors.ts'
import { ENTER_SCREEN, LEAVE_SCREEN } from '../../src/format/screen.ts'
import type { Attention, Happening, TerminalSize } from '../../src/io.ts'
import { fakeContext } from '../helpers/fake-context.ts'
import { fakeIo } from '../helpers/fake-io.ts'
import { runOnce, testHost } from '../helpers/run-main.ts'
import { expectValid } from '../helpers/schemas.ts'
import { BDF, rigOf } from '../tph/scripted-host.ts'

const TIME: Happening = { kind: 'time' }
const RESIZE: Happening = { kind: 'resize' }
const press = (key: string): Happening => ({ kind: 'key', key })
const signal = (name: NodeJS.Signals, number: number): Happening => {
  return { kind: 'signal', signal: { name, number } }
}

/** What a terminal showed, page by page. */
function pagesOf(stdout: string): string[][] {
  const [, ...pages] = stdout.split('\u001b[H')
  return pages.map((page) => stripVTControlCharacters(page).split('\r\n'))
}

function eventsOf(stdout: string): Record<string, unknown>[] {
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map(
    (line) => expectValid('watch-event', JSON.parse(line)) as Record<string, unknown>,
  )
}

describe('watch on a terminal', () => {
  it('draws the picture of map, again only when something changed, and leaves with q', async () => {
    const host = testHost()
    const happenings = [TIME, TIME, () => host.run('set 81:00.0 3=5'), TIME, TIME, press('q')]
    const run = await host.run('watch 81:00.0 --color never', { terminal: true, happenings })
    expect(run.exitCode).toBe(0)
    const pages = pagesOf(run.stdout)
    expect(pages).toHaveLength(2)
    expect(pages[0]?.at(-1)).toMatch(/^q quits \| emulated host \| no change since \d\d:\d\d:\d\d$/)
    expect(pages[1]?.at(-1)).toMatch(/ \| \d\d:\d\d:\d\d change: entries$/)
    const map = await host.run('map 81:00.0 -o table')
    const picture = map.stdout.split('\n').slice(0, -1)
    expect(pages[1]?.slice(0, picture.length)).toEqual(picture)
    expect(pages.map((lines) => lines.length)).toEqual([24, 24])
  })

  it('takes the screen and gives it back', async () => {
    const { stdout } = await runOnce('watch 81:00.0', { terminal: true })
    expect(stdout.startsWith(ENTER_SCREEN)).toBe(true)
    expect(stdout.endsWith(LEAVE_SCREEN)).toBe(true)
    expect(stdout.split(ENTER_SCREEN)).toHaveLength(2)
  })

  it.each([
    [0, press('q')],
    [0, press('Q')],
    [130, press('\u0003')],
    [130, signal('SIGINT', 2)],
    [143, signal('SIGTERM', 15)],
    [129, signal('SIGHUP', 1)],
  ])('ends with %i for %j, the screen given back', async (exitCode, last) => {
    const run = await runOnce('watch 81:00.0', { terminal: true, happenings: [press('x'), last] })
    expect([run.exitCode, run.stdout.endsWith(LEAVE_SCREEN)]).toEqual([exitCode, true])
  })

  it('draws again for another size, and scrolls', async () => {
    const size = { columns: 60, rows: 6 }
    const happenings = [press('j'), press(' '), press('k'), RESIZE]
    const { stdout } = await runOnce('watch 81:00.0', { terminal: true, size, happenings })
    const parts = pagesOf(stdout).map((lines) => /lines (\S+ of \d+)/.exec(lines.at(-1) ?? '')?.[1])
    expect(parts).toEqual(['1-5 of 12', '2-6 of 12', '8-12 of 12', '7-11 of 12', '7-11 of 12'])
  })

  it('does without control sequences on a dumb terminal', async () => {
    const host = testHost()
    const happenings = [() => host.run('set 81:00.0 3=5'), TIME]
    const env = { TERM: 'dumb' }
    const { stdout } = await host.run('watch 81:00.0', { terminal: true, env, happenings })
    expect(stdout).not.toContain('\u001b')
    expect(stdout.match(/^device /gm)).toHaveLength(2)
    expect(stdout).toMatch(/\d\d:\d\d:\d\d change: entries\n\n$/)
  })

  it('says nothing of the screen when the device is not there', async () => {
    const run = await runOnce('watch 81:00.1', { terminal: true })
    expect(run).toMatchObject({ exitCode: 4, stdout: '' })
  })
})

describe('watch in a pipe', () => {
  it('writes events, a line each, valid by their schema', async () => {
    const host = testHost()
    const happenings = [TIME, () => host.run('set 81:00.0 3=5'), TIME, signal('SIGTERM', 15)]
    const run = await host.run('watch 81:00.0', { happenings })
    expect(run.exitCode).toBe(143)
    expect(eventsOf(run.stdout)).toMatchObject([
      { event: 'start', device: '0000:81:00.0' },
      { event: 'change', changedEntries: [{ index: 3, st: 0x105, cpu: 5, memoryType: 'vm' }] },
    ])
  })

  it('writes the same on a terminal with -o ndjson, and pictures with -o table', async () => {
    const ndjson = await runOnce('watch 81:00.0 -o ndjson', { terminal: true })
    expect(eventsOf(ndjson.stdout)).toMatchObject([{ event: 'start' }])
    const { stdout } = await runOnce('watch 81:00.0 -o table')
    expect(stdout).toMatch(/^device {6}0000:81:00\.0/)
  })

  it('ends with 0 when its reader is gone', async () => {
    const { io } = fakeIo({ happenings: [signal('SIGTERM', 15)] })
    const rig = rigOf()
    const stdout = { isTerminal: false, isOver: true, write() {} }
    const context = fakeContext({ io: { ...io, stdout }, host: () => rig.host })
    expect(await watch.run({ words: [BDF], options: {} }, context)).toMatchObject({ exitCode: 0 })
  })
})

const DESIRED = `
version: 1
devices:
  - { device: "81:00.0", mode: iv, entries: ["0-3=0-3"] }
  - { device: "82:00.0", entries: ["0=8"] }
`

describe('watch --apply', () => {
  const files = { '/etc/tphctl.d/nics.yaml': DESIRED }

  it('applies the desired state to every owned device, once for each owner', async () => {
    const host = testHost()
    const again = () => host.run('clear 82:00.0 0 -q')
    const run = await host.run('watch --apply', { files, happenings: [TIME, again, TIME] })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    const done = eventsOf(run.stdout).filter(({ event }) => event === 'done')
    expect(done.map(({ device }) => device)).toEqual(['0000:81:00.0', '0000:82:00.0'])
    expect((await host.run('get 81:00.0 0-3')).stdout).toContain('3\t0x0103\t3\tvm')
    expect((await host.run('get 82:00.0 0')).stdout).toBe('0\t0x0000\t-\t-\n')
  })

  it('takes one of its devices, and no other', async () => {
    const host = testHost()
    expect(await host.run('watch 82:00.0 --apply', { files })).toMatchObject({ exitCode: 0 })
    expect((await host.run('get 81:00.0 0')).stdout).toBe('0\t0x0000\t-\t-\n')
    expect((await host.run('get 82:00.0 0')).stdout).toBe('0\t0x0108\t8\tvm\n')
    const other = await host.run('watch 83:00.0 --apply', { files })
    expect(other).toMatchObject({ exitCode: 4, stdout: '' })
    expect(other.stderr).toContain('does not name the device')
  })
})

describe('watch', () => {
  it.each([
    ['watch 81:00.0 -o json', 2, 'Cannot watch in json'],
    ['watch 81:00.0 -o tsv', 2, 'Cannot watch in tsv'],
    ['watch 81:00.0 --interval 0', 2, 'Cannot parse interval'],
    ['watch 84:00.0', 3, 'no TPH Requester capability'],
    ['watch', 2, 'no DEVICE given'],
    ['watch 81:00.0 -f /x.yaml', 2, '--file alone'],
    ['watch --apply --dry-run', 2, '--dry-run'],
    ['watch --apply -f /no/such.yaml', 2, 'Cannot read "/no/such.yaml": ENOENT'],
  ])('%s is refused with exit code %i', async (call, exitCode, message) => {
    const run = await runOnce(call)
    expect(run).toMatchObject({ exitCode, stdout: '' })
    expect(run.stderr).toContain(message)
  })

  it('does not open a device again and again', async () => {
    const run = await runOnce('watch 81:00.0 --ephemeral --backend linux', {
      env: { TPHCTL_BACKEND: '' },
    })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toContain('every look would reset the device')
  })

  it('looks at the interval, whatever else happens meanwhile', async () => {
    const waits: number[] = []
    const happenings: Happening[] = [RESIZE, press('x'), TIME, press('q')]
    const attention: Attention = {
      async next(milliseconds) {
        waits.push(milliseconds)
        return happenings.shift() ?? press('q')
      },
      end() {},
    }
    const rig = rigOf()
    const io = { ...fakeIo({ terminal: true }).io, attend: () => attention }
    const context = fakeContext({ io, host: () => rig.host })
    const before = rig.device.opens
    await watchOn(context, { targets: () => [BDF], onOwner: null, interval: 60_000 })
    expect(rig.device.opens - before).toBe(2)
    expect(waits.every((wait) => wait > 50_000 && wait <= 60_000)).toBe(true)
  })

  it('says a note once: on the screen below the picture, else on stderr', async () => {
    const shown = async (terminal: boolean) => {
      const rig = rigOf()
      Object.assign(rig.backend, { tphStruct: 'missing' })
      const { io, written } = fakeIo({ terminal, happenings: [TIME, RESIZE] })
      const context = fakeContext({ io, notices: rig.host.notices, host: () => rig.host })
      await watchOn(context, { targets: () => [BDF], onOwner: null, interval: 1 })
      return { told: rig.told.length, notes: written.stdout.split('note: ').length - 1 }
    }
    expect(await shown(true)).toEqual({ told: 0, notes: 2 })
    expect(await shown(false)).toEqual({ told: 1, notes: 0 })
  })

  it('gives the screen back when a bug ends it', async () => {
    const rig = rigOf()
    const { io, written } = fakeIo({ terminal: true, happenings: [TIME] })
    let ended = 0
    const attend = () => ({ ...io.attend([], true), end: () => void ended++ })
    const context = fakeContext({ io: { ...io, attend }, host: () => rig.host })
    let looks = 0
    rig.backend.forget = () => {
      if (++looks === 2) throw new RangeError('bug')
    }
    const wish = { targets: () => [BDF], onOwner: null, interval: 1 }
    await expect(watchOn(context, wish)).rejects.toThrow(RangeError)
    expect([written.stdout.endsWith(LEAVE_SCREEN), ended]).toEqual([true, 1])
  })

  it('takes an action for owners, and shows what came of it', async () => {
    const rig = rigOf()
    const { io, written } = fakeIo()
    const context = fakeContext({ io, host: () => rig.host })
    const onOwner = () => void rig.device.tags.fill(0x103, 0, 1)
    await watchOn(context, { targets: () => [BDF], onOwner, interval: 1 })
    const names = eventsOf(written.stdout).map(({ event }) => event)
    expect(names).toEqual(['start', 'done', 'change'])
  })

  it('shows the words of a failure without what acts on a terminal', async () => {
    const rig = rigOf()
    const { io, written } = fakeIo({ terminal: true })
    const context = fakeContext({ io, host: () => rig.host })
    const onOwner = () => {
      throw new RefusedError('Cannot x: \u001b]0;title\u0007')
    }
    await watchOn(context, { targets: () => [BDF], onOwner, interval: 1 })
    expect(written.stdout).toContain('failed: Cannot x: \\u001b]0;title\\u0007')
    expect(written.stdout).not.toContain('\u001b]')
  })

  it('says that there is nothing to watch yet', async () => {
    const rig = rigOf()
    const { io, written } = fakeIo({ terminal: true, happenings: [TIME] })
    const context = fakeContext({ io, host: () => rig.host })
    await watchOn(context, { targets: () => [], onOwner: null, interval: 1 })
    expect(pagesOf(written.stdout).map(([first]) => first)).toEqual(['no device to watch yet'])
  })

  it('follows the size that the terminal has now', async () => {
    const sizes: TerminalSize[] = [
      { columns: 80, rows: 24 },
      { columns: 40, rows: 10 },
    ]
    const rig = rigOf()
    const { io, written } = fakeIo({ terminal: true, happenings: [RESIZE] })
    const terminalSize = () => sizes.shift() ?? null
    const context = fakeContext({ io: { ...io, terminalSize }, host: () => rig.host })
    await watchOn(context, { targets: () => [BDF], onOwner: null, interval: 1000 })
    expect(pagesOf(written.stdout).map((lines) => lines.length)).toEqual([24, 10])
  })
})
