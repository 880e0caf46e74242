import { readFileSync } from 'node:fs'
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

const HEADER = '{"tphctl":"mock state","version":1}\n'

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
    expect(readFileSync(path, 'latin1')).toBe(HEADER + formatRecord(RECORD).repeat(2))
  })

  it('names lines by their number in the file, also when read in parts', () => {
    const path = join(temporaryDirectory(), 'state')
    appendJournal(path, 0, formatRecord(RECORD).repeat(2))
    const { position } = readJournal(path, null) ?? expect.fail()
    appendJournal(path, position.end, formatRecord({ ...RECORD, bytes: Buffer.alloc(0) }))
    expect(() => readJournal(path, position)).toThrow('line 4 is not a record of a change')
  })
})
