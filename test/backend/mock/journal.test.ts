import { appendFileSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendJournal, readJournal } from '../../../src/backend/mock/journal.ts'
import {
  formatRecord,
  formatUpdate,
  type StateRecord,
} from '../../../src/backend/mock/journal-format.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { HEADER } from './raw-device.ts'

const RECORD: StateRecord = {
  host: 'h"\\',
  bdf: '0000:81:00.0',
  region: 'kept',
  offset: 4,
  bytes: Buffer.from('0a01', 'hex'),
}

const record = fc.record({
  host: fc.constantFrom('built-in', '0123456789abcdef'),
  bdf: fc.constantFrom('0000:81:00.0', '10000:01:00.0'),
  region: fc.constantFrom('config', 'msix', 'kept'),
  offset: fc.nat(40_000),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
})

describe('the journal', () => {
  it('gives back what was appended, in parts and as a whole', () => {
    const path = join(temporaryDirectory(), 'state')
    let number = 0
    fc.assert(
      fc.property(fc.array(fc.array(record, { minLength: 1 }), { minLength: 1 }), (parts) => {
        const file = `${path}${number++}`
        let position = readJournal(file, null)?.position ?? null
        expect(position).toBeNull()
        for (const part of parts) {
          appendJournal(file, position?.end ?? 0, part.map(formatRecord).join(''))
          const read = readJournal(file, position)
          expect(read?.records).toEqual(part)
          position = read?.position ?? null
        }
        expect(readJournal(file, null)).toMatchObject({ records: parts.flat(), fromStart: true })
      }),
      { numRuns: 50 },
    )
  })

  it('writes a record as a line of JSON: host, device, piece, offset, hex', () => {
    expect(formatRecord(RECORD)).toBe('["h\\"\\\\","0000:81:00.0","kept",4,"0a01"]\n')
  })

  it('writes the changes of one update as one line, so that none is seen without the others', () => {
    const config = { region: 'config' as const, offset: 8, bytes: Buffer.from('ff', 'hex') }
    expect(formatUpdate('h', '0000:81:00.0', [RECORD, config])).toBe(
      '["h","0000:81:00.0","kept",4,"0a01","config",8,"ff"]\n',
    )
  })

  it('begins with its header and has nothing behind its last record', () => {
    const path = join(temporaryDirectory(), 'state')
    appendJournal(path, 0, formatRecord(RECORD))
    appendJournal(path, readJournal(path, null)?.position.end ?? 0, formatRecord(RECORD))
    const [header, ...records] = readFileSync(path, 'latin1').split(/(?<=\n)/)
    expect(header).toHaveLength(HEADER.length)
    expect(records).toEqual([formatRecord(RECORD), formatRecord(RECORD)])
  })

  it('is another file when its header has another id, though it lies in the same place', () => {
    const path = join(temporaryDirectory(), 'state')
    appendJournal(path, 0, formatRecord(RECORD))
    const position = readJournal(path, null)?.position ?? expect.fail()
    expect(readJournal(path, position)).toMatchObject({ records: [], fromStart: false })
    writeFileSync(path, HEADER + formatRecord({ ...RECORD, offset: 9 }))
    const again = readJournal(path, position)
    expect(again?.position.file.split(':')[0]).toBe(position.file.split(':')[0])
    expect(again).toMatchObject({ records: [{ offset: 9 }], fromStart: true })
  })

  it('is replaced, not written over, when something unfinished is behind its end', () => {
    const path = join(temporaryDirectory(), 'state')
    appendJournal(path, 0, formatRecord(RECORD))
    const { position } = readJournal(path, null) ?? expect.fail()
    appendFileSync(path, '["torn')
    const torn = readFileSync(path, 'latin1')
    const reader = openSync(path, 'r')
    appendJournal(path, position.end, formatRecord({ ...RECORD, offset: 9 }))
    expect(readFileSync(reader, 'latin1')).toBe(torn)
    closeSync(reader)
    const offsets = readJournal(path, position)?.records.map(({ offset }) => offset)
    expect(offsets).toEqual([RECORD.offset, 9])
  })

  it('names lines by their number in the file, also when read in parts', () => {
    const path = join(temporaryDirectory(), 'state')
    appendJournal(path, 0, formatRecord(RECORD).repeat(2))
    const { position } = readJournal(path, null) ?? expect.fail()
    appendJournal(path, position.end, formatRecord({ ...RECORD, bytes: Buffer.alloc(0) }))
    expect(() => readJournal(path, position)).toThrow('line 4 is not a record of a change')
  })
})
