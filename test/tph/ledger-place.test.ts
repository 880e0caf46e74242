import {
  chmodSync,
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
import { LedgerStore } from '../../src/tph/ledger.ts'
import { undoDevice } from '../../src/tph/undo.ts'
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

describe('a directory that this user has not alone', () => {
  const store = (directory: string, user: number, told: string[] = []) =>
    new LedgerStore(
      { directory, user, sync: false },
      { note: (text) => void told.push(text), warn: () => expect.fail('nothing to warn of') },
    )
  const [own, another] = [process.getuid?.() ?? 0, 12_345]

  it.each([
    ['belongs to another', another, 0o700, `belongs to user ${own}`],
    ['is writable by others', own, 0o777, 'is writable by others'],
  ])('is neither read nor written when it %s', (_what, user, mode, why) => {
    const { backend } = rigWithLedger()
    const { directory } = backend.ledger
    chmodSync(directory, mode)
    const ledger = new LedgerStore(backend.ledger, { note: () => {}, warn: () => {} }).read(BDF)
    if (ledger === null) throw new RangeError('no ledger')
    const refused = (verb: string) =>
      expect.objectContaining({
        code: 'permission',
        message: `Cannot ${verb} ledgers in "${directory}": it ${why}`,
        hint: 'remove it, tphctl makes it anew',
      })
    expect(() => store(directory, user).read(BDF)).toThrow(refused('read'))
    expect(() => store(directory, user).devices()).toThrow(refused('read'))
    expect(() => store(directory, user).write(ledger)).toThrow(refused('write'))
    expect(readdirSync(directory)).toEqual([`${BDF}.json`])
  })

  it('is used when it is theirs', () => {
    const { backend } = rigWithLedger()
    expect(store(backend.ledger.directory, own).read(BDF)?.device).toBe(BDF)
  })
})

describe('the devices that have a ledger', () => {
  const devices = ({ backend }: Rig) =>
    new LedgerStore(backend.ledger, { note: () => {}, warn: () => {} }).devices()

  it('are none where nothing was set yet', () => {
    expect(devices(rigOf())).toEqual([])
  })

  it('are those of which there is a file of that name, and of no other', () => {
    const rig = rigWithLedger()
    const { directory } = rig.backend.ledger
    for (const name of ['0000:82:00.0.new', '82:00.0.json', 'x.json', `${BDF}.json.new`, BDF])
      writeFileSync(join(directory, name), '{}')
    writeFileSync(join(directory, '0000:82:00.1.json'), '')
    expect(devices(rig).sort()).toEqual([BDF, '0000:82:00.1'])
  })

  it('cannot be told where a file is in place of the directory', () => {
    const rig = rigOf()
    const { directory } = rig.backend.ledger
    writeFileSync(directory, '')
    expect(() => devices(rig)).toThrow(
      `Cannot read ledgers in "${directory}": ENOTDIR, not a directory`,
    )
  })
})

describe('a ledger that is synced', () => {
  it('is on disk whole, and leaves no other file and no open one', () => {
    const rig = rigOf()
    rig.backend.ledger.sync = true
    const open = () => readdirSync('/proc/self/fd').length
    set(rig, '0=1')
    const before = open()
    set(rig, '0=2')
    expect(cpus(rig, [0])).toEqual([2])
    expect(open()).toBe(before)
    expect(readFileSync(pathOf(rig), 'utf8').endsWith('}\n')).toBe(true)
    expect(readdirSync(rig.backend.ledger.directory)).toEqual([`${BDF}.json`])
  })
})

describe('a ledger longer than any', () => {
  const LIMIT = 4 * 1024 * 1024

  it.each([
    [LIMIT, [1], []],
    [
      LIMIT + 1,
      [null],
      [
        `${BDF}: the CPUs behind its tags are not known: Cannot read ledger "PATH": it is not what tphctl writes`,
      ],
    ],
  ])('of %i bytes is read or is none', (length, expected, told) => {
    const rig = rigWithLedger()
    const path = pathOf(rig)
    writeFileSync(path, readFileSync(path, 'utf8').padEnd(length))
    expect(cpus(rig, [0])).toEqual(expected)
    expect(rig.told).toEqual(told.map((text) => text.replace('PATH', path)))
  })
})

describe('a ledger that cannot be read', () => {
  it('is told with its path, and costs get the CPUs', () => {
    const rig = rigWithLedger()
    const path = pathOf(rig)
    unlinkSync(path)
    symlinkSync('/nowhere', path)
    expect(() => undoDevice(rig.host, BDF, false)).toThrow(
      `Cannot read ledger "${path}": ELOOP, a symbolic link is in the way`,
    )
  })

  it('is replaced by the next set, which undo says of it', () => {
    const rig = rigWithLedger()
    writeFileSync(pathOf(rig), '')
    expect(() => undoDevice(rig.host, BDF, false)).toThrow(
      expect.objectContaining({
        device: BDF,
        message: `Cannot read ledger "${pathOf(rig)}": it is not what tphctl writes`,
        hint: 'the next "tphctl set" of this device replaces it',
      }),
    )
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
