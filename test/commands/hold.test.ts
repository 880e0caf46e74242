import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hold } from '../../src/commands/hold.ts'
import { BusyError, type TphctlError } from '../../src/errors.ts'
import type { Io, Signal } from '../../src/io.ts'
import { systemError } from '../../src/system-error.ts'
import { fakeContext } from '../helpers/fake-context.ts'
import { fakeIo } from '../helpers/fake-io.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { ScriptedDevice } from '../tph/scripted-device.ts'
import { BDF, type Rig, rigOf } from '../tph/scripted-host.ts'

const OTHER = '0000:82:00.0'
const TERM: Signal = { name: 'SIGTERM', number: 15 }
const HUP: Signal = { name: 'SIGHUP', number: 1 }

interface Held extends Rig {
  /** What happened, in order: holds, releases, stdout, what the service manager was told. */
  readonly events: string[]
  run(
    words: readonly string[],
    options?: Record<string, string>,
    signals?: readonly (Signal | (() => void))[],
    env?: Io['env'],
  ): Promise<{ exitCode: number | undefined; error: unknown }>
}

/** A host whose devices can be held; a function among the signals runs before the next signal. */
function heldRig(dryRun = false): Held {
  const rig = rigOf([new ScriptedDevice(BDF), new ScriptedDevice(OTHER)])
  const events: string[] = []
  rig.backend.hold = (bdf = BDF, token: string | null = null) => {
    events.push(`hold ${bdf}${token === null ? '' : ` ${token}`}`)
    return { release: () => events.push(`release ${bdf}`) }
  }
  rig.backend.notify = (state = '') => void events.push(`notify ${state}`)
  const run: Held['run'] = async (words, options = {}, signals = [TERM], env = {}) => {
    const left = [...signals]
    const stream = {
      isTerminal: false,
      isOver: false,
      write: (text: string) => void events.push(text.trim()),
    }
    const io: Io = {
      ...fakeIo({ env }).io,
      stdout: stream,
      stderr: stream,
      readFile,
      catchSignals: () => async () => {
        for (;;) {
          const next = left.shift() ?? TERM
          if (typeof next !== 'function') return next
          next()
        }
      },
    }
    const context = fakeContext({ io, notices: rig.host.notices, dryRun, host: () => rig.host })
    try {
      const outcome = await hold.run({ words, options }, context)
      return { exitCode: outcome.exitCode, error: outcome.error }
    } catch (error) {
      return { exitCode: undefined, error }
    }
  }
  return { ...rig, events, run }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw systemError(`read "${path}"`, error)
  }
}

function fileOf(text: string): string {
  const path = join(temporaryDirectory(), 'entries')
  writeFileSync(path, text)
  return path
}

describe('hold', () => {
  it('opens, says that it is ready, and gives everything back on SIGTERM', async () => {
    const { run, events } = heldRig()
    expect(await run([BDF, '82:00.0'])).toMatchObject({ exitCode: 143 })
    expect(events).toEqual([
      `hold ${BDF}`,
      `hold ${OTHER}`,
      `ready: ${BDF}`,
      `ready: ${OTHER}`,
      'notify READY=1',
      'notify STOPPING=1',
      `release ${OTHER}`,
      `release ${BDF}`,
    ])
  })

  it('ends with 0 where a service manager stops it, and with 130 on SIGINT elsewhere', async () => {
    const { run } = heldRig()
    const env = { NOTIFY_SOCKET: '/run/systemd/notify' }
    expect(await run([BDF], {}, [TERM], env)).toMatchObject({ exitCode: 0 })
    expect(await run([BDF], {}, [{ name: 'SIGINT', number: 2 }])).toMatchObject({ exitCode: 130 })
  })

  it('sets what the file says before it is ready, and again on SIGHUP', async () => {
    const { run, device } = heldRig()
    const file = fileOf('0-1=4,5\n')
    const seen: number[][] = []
    const look = () => void seen.push([...device.tags.slice(0, 3)])
    const change = () => writeFileSync(file, '2=6\n')
    await run([BDF], { file }, [look, change, HUP, look, TERM])
    expect(seen.map((tags) => tags.map((tag) => tag !== 0))).toEqual([
      [true, true, false],
      [true, true, true],
    ])
  })

  it('stays when the file is wrong by the time of a SIGHUP', async () => {
    const { run, told, events } = heldRig()
    const file = fileOf('0=4\n')
    const spoil = () => writeFileSync(file, '0=999\n')
    expect(await run([BDF], { file }, [spoil, HUP, TERM])).toMatchObject({ exitCode: 143 })
    expect(told).toEqual([expect.stringContaining('what is held stays as it is: ')])
    expect(events.at(-1)).toBe(`release ${BDF}`)
  })

  it('holds none when one cannot be held', async () => {
    const { run, events, backend } = heldRig()
    const first = backend.hold
    backend.hold = (...args: Parameters<typeof first>) => {
      if (events.length > 0) throw new BusyError('Cannot hold the device: EBUSY, somebody has it')
      return first(...args)
    }
    expect((await run([BDF, OTHER])).error).toBeInstanceOf(BusyError)
    expect(events).toEqual([`hold ${BDF}`, `release ${BDF}`])
  })

  it('gives back what it holds when the device refuses what the file says', async () => {
    const { run, events, device } = heldRig()
    device.script = ({ op }) => (op === 'set' ? -5 : undefined)
    const { error } = await run([BDF], { file: fileOf('6=1\n') })
    expect((error as TphctlError).exitCode).toBe(1)
    expect(events).toEqual([`hold ${BDF}`, `release ${BDF}`])
  })

  it.each([
    ['an index beyond the table', BDF, '64=1\n', 2],
    ['a CPU that is not online', BDF, '0=999\n', 2],
    ['a device that is not there', '99:00.0', '', 4],
  ])('opens, and so resets, nothing for %s', async (_, bdf, text, exitCode) => {
    const { run, events } = heldRig()
    const { error } = await run([bdf], { file: fileOf(text) })
    expect((error as TphctlError).exitCode).toBe(exitCode)
    expect(events).toEqual([])
  })

  it('holds a device once that is named twice', async () => {
    const { run, events } = heldRig()
    await run([BDF, '81:00.0'])
    expect(events.filter((event) => event.startsWith('hold'))).toEqual([`hold ${BDF}`])
  })

  it.each([
    [{ file: '/nonexistent/entries' }, 'Cannot read "/nonexistent/entries": ENOENT'],
    [{ file: new URL('table.test.ts', import.meta.url).pathname }, 'table.test.ts:1: '],
    [{ vfToken: 'secret' }, 'Cannot parse VF token "secret"'],
  ])('opens nothing for %j', async (options, message) => {
    const { run, events } = heldRig()
    const { error } = await run([BDF], options)
    expect((error as Error).message).toContain(message)
    expect(events).toEqual([])
  })

  it('hands the VF token on', async () => {
    const { run, events } = heldRig()
    const vfToken = '83d8f4f2-509f-382f-3c1e-e6bfe0fa1001'
    await run([BDF], { vfToken })
    expect(events[0]).toBe(`hold ${BDF} ${vfToken}`)
  })

  it('opens nothing under --dry-run', async () => {
    const { run, events } = heldRig(true)
    await run([BDF])
    expect(events).toEqual([])
  })
})
