import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TphctlError } from '../../src/errors.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { cpus, set } from './scripted-commands.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const pathOf = ({ backend }: Rig) => join(backend.ledger.directory, `${BDF}.json`)

/** A host whose ledger says that CPU 1 is behind entry 0, set by a SET that can be undone. */
function rigWithLedger(): Rig {
  const rig = rigOf()
  set(rig, '0=1')
  return rig
}

describe('the file of the ledger', () => {
  it('is a file for its user alone, in a directory for its user alone', () => {
    const rig = rigWithLedger()
    expect(statSync(pathOf(rig)).mode & 0o777).toBe(0o600)
    expect(statSync(rig.backend.ledger.directory).mode & 0o777).toBe(0o700)
    expect(readdirSync(rig.backend.ledger.directory)).toEqual([`${BDF}.json`])
  })
})

describe('a ledger behind a symbolic link', () => {
  it('as the file: is not read, and nothing is sent', () => {
    const rig = rigWithLedger()
    const elsewhere = join(temporaryDirectory(), 'elsewhere')
    writeFileSync(elsewhere, readFileSync(pathOf(rig)))
    unlinkSync(pathOf(rig))
    symlinkSync(elsewhere, pathOf(rig))
    expect(cpus(rig, [0])).toEqual([null])
    expect(rig.told.join()).toContain('ELOOP')
    const { sets } = rig.device
    const before = sets.length
    expect(() => set(rig, '0=2')).toThrow(TphctlError)
    expect(sets).toHaveLength(before)
    expect(lstatSync(pathOf(rig)).isSymbolicLink()).toBe(true)
  })

  it('as the directory: is neither read nor written', () => {
    const rig = rigWithLedger()
    const elsewhere = rig.backend.ledger.directory
    const link = join(temporaryDirectory(), 'link')
    symlinkSync(elsewhere, link)
    rig.backend.ledger.directory = link
    const before = readFileSync(join(elsewhere, `${BDF}.json`))
    expect(cpus(rig, [0])).toEqual([null])
    expect(rig.told.join()).toContain('symbolic link')
    expect(() => set(rig, '0=2')).toThrow('symbolic link')
    expect(readFileSync(join(elsewhere, `${BDF}.json`))).toEqual(before)
    expect(rig.device.tags[0]).toBe(0x101)
  })
})

describe('a ledger that cannot be written', () => {
  it('stops a command before its first SET', () => {
    const rig = rigOf()
    writeFileSync(rig.backend.ledger.directory, 'a file where the directory should be')
    expect(() => set(rig, '0=1')).toThrow(TphctlError)
    expect(rig.device.count('set')).toBe(0)
  })

  it('after the SETs costs the CPUs, with a note, not the result', () => {
    const rig = rigWithLedger()
    const { directory } = rig.backend.ledger
    rig.device.script = ({ op }) => {
      if (op !== 'set') return undefined
      unlinkSync(pathOf(rig))
      mkdirSync(pathOf(rig))
      return undefined
    }
    expect(set(rig, '0=2').error).toBeNull()
    expect(rig.told.join()).toContain('not remembered')
    expect(readdirSync(directory)).toEqual([`${BDF}.json`])
  })
})
