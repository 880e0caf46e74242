import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resetMock } from '../../../src/backend/mock/mock-backend.ts'
import { TphctlError, UsageError } from '../../../src/errors.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { HEADER, openMock, send, tagAt } from './raw-device.ts'

const BDF = '0000:81:00.0'
const RECORD = `["built-in","${BDF}","kept",0,"0101"]\n`
const SET = '14000000 0e000200 00000000 0000 0100 05000000'

/** Reading, writing and, where it is to be refused too, `mock reset`. */
const uses = (statePath: string): readonly (readonly [string, () => unknown])[] => [
  ['read', () => tagAt(openMock({ statePath }).borrow(BDF), 0)],
  ['write', () => send(openMock({ statePath }).borrow(BDF), SET)],
  ['reset', () => resetMock(statePath)],
]

describe.each(['read', 'write', 'reset'])('a file that tphctl did not write: %s', (use) => {
  const act = (statePath: string) => uses(statePath).find(([name]) => name === use)?.[1]()

  it.each([
    ['without the header', 'root:x:0:0:root:/root:/bin/bash\n'],
    ['without a line', 'x'],
    ['whose last line has no end', 'first\nlast'],
    ['with another version', `${HEADER.replace(':1,', ':2,')}${RECORD}`],
    ['with the header of a file without an id', `{"tphctl":"mock state","version":1}\n${RECORD}`],
    ['with an id that is too short', `${HEADER.replace('f"', '"')}${RECORD}`],
    ['that goes on behind its header', `${HEADER.trimEnd()} \n${RECORD}`],
    ['that begins like a header', '{"tphctl":"mock state","version":1,"id":"x'],
    ['with records but no header', RECORD],
    ['of binary bytes', '\u007fELF\u0002\u0001\u0001\0\0\n\0\0'],
    ['of one newline', '\n'],
    ['whose header is not at the start', `\n${HEADER}`],
  ])('%s is refused by name and stays as it is', (_what, content) => {
    const statePath = join(temporaryDirectory(), 'state')
    writeFileSync(statePath, content, 'latin1')
    expect(() => act(statePath)).toThrow(UsageError)
    expect(() => act(statePath)).toThrow(`"${statePath}"`)
    expect(readFileSync(statePath, 'latin1')).toBe(content)
  })

  it('a directory is refused and stays', () => {
    const statePath = join(temporaryDirectory(), 'state')
    mkdirSync(statePath)
    writeFileSync(join(statePath, 'precious'), 'x')
    expect(() => act(statePath)).toThrow(TphctlError)
    expect(() => act(statePath)).toThrow('EISDIR')
    expect(readdirSync(statePath)).toEqual(['precious'])
  })

  it.skipIf(process.getuid?.() === 0)('an unreadable one is refused (not as root)', () => {
    const statePath = join(temporaryDirectory(), 'state')
    writeFileSync(statePath, HEADER)
    chmodSync(statePath, 0)
    expect(() => act(statePath)).toThrow('EACCES')
    chmodSync(statePath, 0o600)
    expect(readFileSync(statePath, 'latin1')).toBe(HEADER)
  })

  it('a link that leads in a circle is refused', () => {
    const statePath = join(temporaryDirectory(), 'state')
    symlinkSync(statePath, statePath)
    expect(() => act(statePath)).toThrow('ELOOP')
  })
})

describe.each(['read', 'write'])('a corrupt line of our own file: %s', (use) => {
  it.each([
    ['no JSON', 'x'],
    ['empty', ''],
    ['an object', '{}'],
    ['null', 'null'],
    ['4 fields', `["built-in","${BDF}","kept",0]`],
    ['6 fields', `["built-in","${BDF}","kept",0,"00",0]`],
    ['a host that is no text', `[1,"${BDF}","kept",0,"00"]`],
    ['a device that is no text', '["built-in",1,"kept",0,"00"]'],
    ['an unknown region', `["built-in","${BDF}","rom",0,"00"]`],
    ['an offset with a fraction', `["built-in","${BDF}","kept",0.5,"00"]`],
    ['an offset as text', `["built-in","${BDF}","kept","0","00"]`],
    ['no bytes', `["built-in","${BDF}","kept",0,""]`],
    ['half a byte', `["built-in","${BDF}","kept",0,"000"]`],
    ['no hex', `["built-in","${BDF}","kept",0,"0g"]`],
  ])('%s is refused with its number, the file stays', (_what, line) => {
    const statePath = join(temporaryDirectory(), 'state')
    const content = `${HEADER}${RECORD}${line}\n${RECORD}`
    writeFileSync(statePath, content)
    const act = uses(statePath).find(([name]) => name === use)?.[1] ?? (() => {})
    expect(act).toThrow(UsageError)
    expect(act).toThrow('line 3 is not a record of a change')
    expect(readFileSync(statePath, 'latin1')).toBe(content)
  })

  it.each([
    ['beyond the end', 128, '00'],
    ['over the end', 127, '0000'],
    ['before the start', -1, '00'],
  ])('a change %s of the device is refused, the file stays', (_what, offset, hex) => {
    const statePath = join(temporaryDirectory(), 'state')
    const content = `${HEADER}${JSON.stringify(['built-in', BDF, 'kept', offset, hex])}\n`
    writeFileSync(statePath, content)
    const act = uses(statePath).find(([name]) => name === use)?.[1] ?? (() => {})
    expect(act).toThrow(UsageError)
    expect(act).toThrow(BDF)
    expect(readFileSync(statePath, 'latin1')).toBe(content)
  })
})

describe('resetMock()', () => {
  it.each(['', `${RECORD}x\n`, 'garbage'])('empties our own file, even with %j in it', (rest) => {
    const statePath = join(temporaryDirectory(), 'state')
    writeFileSync(statePath, `${HEADER}${rest}`)
    resetMock(statePath)
    expect(readFileSync(statePath, 'latin1')).toHaveLength(HEADER.length)
    expect(tagAt(openMock({ statePath }).borrow(BDF), 0)).toBe(0)
  })

  it('is seen by a command that is running', () => {
    const statePath = join(temporaryDirectory(), 'state')
    const device = openMock({ statePath }).borrow(BDF)
    send(device, SET)
    resetMock(statePath)
    expect(tagAt(device, 0)).toBe(0)
  })

  it('forgets the ledgers, but keeps what a running command may be writing and its directory', () => {
    const statePath = join(temporaryDirectory(), 'state')
    const directory = `${statePath}.ledger/built-in`
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `${BDF}.json`), '{}')
    writeFileSync(join(directory, `${BDF}.json.1.new`), '{')
    resetMock(statePath)
    expect(readdirSync(directory)).toEqual([`${BDF}.json.1.new`])
  })

  it('does not follow a link in the place of a ledger directory', () => {
    const directory = temporaryDirectory()
    const statePath = join(directory, 'state')
    mkdirSync(join(directory, 'elsewhere'))
    writeFileSync(join(directory, 'elsewhere', 'precious.json'), '{}')
    mkdirSync(`${statePath}.ledger`)
    symlinkSync('../elsewhere', `${statePath}.ledger/built-in`)
    resetMock(statePath)
    expect(readdirSync(join(directory, 'elsewhere'))).toEqual(['precious.json'])
  })

  it('keeps the ledgers when it refuses the file', () => {
    const statePath = join(temporaryDirectory(), 'state')
    const ledger = `${statePath}.ledger/built-in/${BDF}.json`
    mkdirSync(dirname(ledger), { recursive: true })
    writeFileSync(ledger, '{}')
    writeFileSync(statePath, 'x')
    expect(() => resetMock(statePath)).toThrow(UsageError)
    expect(existsSync(ledger)).toBe(true)
  })
})
