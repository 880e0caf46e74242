import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { undoDevice } from '../../src/tph/undo.ts'
import { cpus, fates, set } from './scripted-commands.ts'
import type { Script } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const EIO = -5

const undo = ({ host }: Rig) => undoDevice(host, BDF, false)

/** A host on which CPUs 1, 2 at entries 0, 1 were replaced by 5, 6: that is what undo is about. */
function rigWithChange(): Rig {
  const rig = rigOf()
  set(rig, '0-1=1-2')
  set(rig, '0-1=5-6')
  return rig
}

/** SETs of an entry that succeed and do nothing. */
const idle =
  (...indexes: readonly number[]): Script =>
  ({ op, index }) =>
    op === 'set' && indexes.includes(index) ? 0 : undefined

/** GETs that fail once a SET was sent. */
const blindAfterSet = ({ device }: Rig): Script => {
  const { length } = device.sets
  return ({ op }) => (op === 'get' && device.sets.length > length ? EIO : undefined)
}

describe('undoDevice() on a kernel that accepts a SET and does nothing', () => {
  it('says that the entries failed, though no call did', () => {
    const rig = rigWithChange()
    rig.device.script = idle(0)
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ code: 'refused', exitCode: 1, device: BDF })
    expect(error?.message).toContain('entries 0-1')
    expect(result).toMatchObject({ changed: false, restored: [], skipped: [] })
    expect(result.failed).toMatchObject([{ index: 0, count: 2, cpus: [1, 2], errno: null }])
    expect(cpus(rig, [0, 1])).toEqual([5, 6])
  })

  it('keeps the record, so that a second undo tries again', () => {
    const rig = rigWithChange()
    rig.device.script = idle(0)
    undo(rig)
    rig.device.script = () => undefined
    const { result, error } = undo(rig)
    expect(error).toBeNull()
    expect(fates(result)).toEqual({ 0: 'restored', 1: 'restored' })
    expect(cpus(rig, [0, 1])).toEqual([1, 2])
  })

  it('for some entries tells these apart, and keeps the record of these alone', () => {
    const rig = rigOf()
    set(rig, '0=1', '4=2')
    set(rig, '0=5', '4=6')
    rig.device.script = idle(4)
    const { result, error } = undo(rig)
    expect(error?.message).toContain('entry 4')
    expect(fates(result)).toEqual({ 0: 'restored', 4: 'failed' })
    expect(result.changed).toBe(true)
    rig.device.script = () => undefined
    expect(fates(undo(rig).result)).toEqual({ 4: 'restored' })
    expect(cpus(rig, [0, 4])).toEqual([1, 2])
  })
})

describe('undoDevice() where GET fails after its SETs', () => {
  it('gives the account of what it sent, with the error', () => {
    const rig = rigWithChange()
    rig.device.script = blindAfterSet(rig)
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ code: 'refused', errno: 'EIO', device: BDF })
    expect(fates(result)).toEqual({ 0: 'restored', 1: 'restored' })
    expect(rig.device.tags.slice(0, 2)).toEqual([0x101, 0x102])
  })

  it('keeps the record and claims no CPUs', () => {
    const rig = rigWithChange()
    rig.device.script = blindAfterSet(rig)
    undo(rig)
    rig.device.script = () => undefined
    expect(cpus(rig, [0, 1])).toEqual([null, null])
    const { result, error } = undo(rig)
    expect(error).toBeNull()
    expect(fates(result)).toEqual({ 0: 'restored', 1: 'restored' })
    expect(cpus(rig, [0, 1])).toEqual([1, 2])
  })
})

describe('undoDevice() whose ledger cannot be written afterwards', () => {
  it('gives its account all the same, with a note', () => {
    const rig = rigWithChange()
    const path = join(rig.backend.ledger.directory, `${BDF}.json`)
    rig.device.script = ({ op }) => {
      if (op === 'set') {
        rmSync(path)
        mkdirSync(path)
      }
      return undefined
    }
    const { result, error } = undo(rig)
    expect(error).toBeNull()
    expect(fates(result)).toEqual({ 0: 'restored', 1: 'restored' })
    expect(result.changed).toBe(true)
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: .*not remembered: .*EISDIR`)])
  })
})

describe('undoDevice() of a record from before the lock', () => {
  it('goes by the record that is there when it has the lock', () => {
    const rig = rigWithChange()
    const path = join(rig.backend.ledger.directory, `${BDF}.json`)
    const other = readFileSync(path, 'utf8').replaceAll('"cpu":1,', '"cpu":3,')
    rig.backend.onLock = () => writeFileSync(path, other.replaceAll('"st":257', '"st":259'))
    expect(undo(rig).error).toBeNull()
    expect(rig.device.tags.slice(0, 2)).toEqual([0x103, 0x102])
  })
})
