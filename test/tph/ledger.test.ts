import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { undoDevice } from '../../src/tph/undo.ts'
import { cpus, set } from './scripted-commands.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const pathOf = ({ backend }: Rig) => join(backend.ledger.directory, `${BDF}.json`)
const ledgerOf = (rig: Rig) => JSON.parse(readFileSync(pathOf(rig), 'utf8'))

/** A host whose ledger says that CPU 1 is behind entry 0, set by a SET that can be undone. */
function rigWithLedger(): Rig {
  const rig = rigOf()
  set(rig, '0=1')
  return rig
}

describe('the ledger', () => {
  it('is written before the first SET: what was there and what is meant, no CPU', () => {
    const rig = rigWithLedger()
    let seen: unknown
    rig.device.script = ({ op }) => {
      if (op === 'set') seen ??= ledgerOf(rig)
      return undefined
    }
    set(rig, '0-1=2-3')
    expect(seen).toMatchObject({
      device: BDF,
      bootId: 'boot-1',
      owner: { pid: 4711, startTime: '99' },
      entries: [],
      undo: {
        command: 'set',
        before: [
          { index: 0, st: 0x101, cpu: 1, memoryType: 'vm' },
          { index: 1, st: 0, cpu: null, memoryType: null },
        ],
        intended: [
          { index: 0, cpu: 2 },
          { index: 1, cpu: 3 },
        ],
        after: null,
      },
    })
  })

  it('leaves CPUs unknown and undo right when the command dies at its second SET', () => {
    const rig = rigWithLedger()
    rig.device.script = ({ op, index }) => {
      if (op === 'set' && index === 4) throw new Error('killed')
      return undefined
    }
    expect(() => set(rig, '0=2', '4=3')).toThrow('killed')
    expect([rig.device.opens - rig.device.closes, rig.backend.locked]).toEqual([0, 0])
    rig.device.script = () => undefined
    expect(rig.device.tags[0]).toBe(0x102)
    expect(cpus(rig, [0, 4])).toEqual([null, null])
    expect(undoDevice(rig.host, BDF, false).error).toBeNull()
    expect(rig.device.tags[0]).toBe(0x101)
    expect(cpus(rig, [0, 4])).toEqual([1, null])
  })

  it('says nothing of a tag that somebody else has set since', () => {
    const rig = rigWithLedger()
    rig.device.tags[0] = 0x107
    expect(cpus(rig, [0])).toEqual([null])
  })

  it('says nothing of tag 0, which no CPU stands behind', () => {
    const rig = rigOf()
    rig.device.tagOf = () => 0
    set(rig, '0=1')
    expect(cpus(rig, [0])).toEqual([null])
  })

  it.each([
    ['another boot', (rig: Rig) => Object.assign(rig.backend, { bootId: 'boot-2' })],
    ['another owner', ({ backend }: Rig) => Object.assign(backend.owner, { pid: 4712 })],
    [
      'another process of the same pid',
      ({ backend }: Rig) => Object.assign(backend.owner, { startTime: '100' }),
    ],
  ])('of %s says nothing, and is not what a failed SET is put back by', (_what, change) => {
    const rig = rigWithLedger()
    change(rig)
    expect(cpus(rig, [0])).toEqual([null])
    rig.device.script = ({ op, index }) => (op === 'set' && index === 4 ? -5 : undefined)
    set(rig, '0=2', '4=3')
    expect(rig.device.tags[0]).toBe(0x102)
  })

  it('keeps the undo of what changed something when a later SET changes nothing', () => {
    const rig = rigWithLedger()
    set(rig, '0=1')
    expect(cpus(rig, [0])).toEqual([1])
    expect(undoDevice(rig.host, BDF, false).result.changed).toBe(true)
    expect(rig.device.tags[0]).toBe(0)
  })

  it('of its own keeps what was known of entries that a SET does not touch', () => {
    const rig = rigWithLedger()
    set(rig, '1=2')
    expect(cpus(rig, [0, 1])).toEqual([1, 2])
  })
})
