import { compact } from '../../../src/backend/mock/compact.ts'
import { Faults } from '../../../src/backend/mock/faults.ts'
import {
  CorruptStateError,
  checkTail,
  fileIdOf,
  formatHeader,
  formatRecord,
  HEADER_LENGTH,
  parseLines,
  type StateRecord,
  splitLines,
} from '../../../src/backend/mock/journal-format.ts'
import { REGIONS } from '../../../src/backend/mock/memory.ts'
import { valueIn } from '../refusal.ts'
import { bytesOf, promise, promiseSame, type Target, textOf } from '../target.ts'

const HEADER = formatHeader('0123456789abcdef')
const RECORDS = [
  '["built-in","0000:81:00.0","kept",0,"0001","config",424,"01030000"]\n',
  '["built-in","0000:82:00.0","msix",14,"0102"]\n',
  '["0123456789abcdef","0000:81:00.0","vectors",3,"01"]\n',
]

/** What a sequence of records makes of memory that is as large as need be. */
function replay(records: readonly StateRecord[]): unknown {
  const cells = new Map<string, number>()
  for (const { host, bdf, region, offset, bytes } of records) {
    for (const [i, byte] of bytes.entries())
      cells.set(`${host} ${bdf} ${region} ${offset + i}`, byte)
  }
  return [...cells].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What is in a state file, or null where it says that tphctl did not write it. */
function recordsIn(text: string): StateRecord[] | null {
  try {
    const complete = text.lastIndexOf('\n') + 1
    fileIdOf(text.slice(0, HEADER_LENGTH))
    const lines = splitLines(text.slice(0, complete))
    const records = parseLines(lines, 0)
    checkTail(text.slice(complete), lines.length)
    return records
  } catch (error) {
    if (error instanceof CorruptStateError) return null
    throw error
  }
}

/** State files of the mock, what is left out of them, and their records written anew. */
export const stateFile: Target = {
  name: 'state-file',
  share: 80,
  longest: 500,
  microsecondsPerByte: 4,
  seeds: () =>
    [HEADER + RECORDS.join(''), HEADER + RECORDS[0], HEADER, '', `${HEADER}["a`].map(bytesOf),
  words: [
    ...REGIONS.map((region) => `"${region}"`),
    '[',
    ']',
    '"',
    ',',
    '\n',
    HEADER,
    ...RECORDS,
    'ff',
  ],
  run(input) {
    const text = Buffer.from(input).toString('latin1')
    const records = recordsIn(text)
    if (records === null) return
    for (const { region, offset, bytes } of records) {
      promise(REGIONS.includes(region) && Number.isSafeInteger(offset), 'no place')
      promise(bytes.length > 0, 'a change of nothing')
    }
    const again = parseLines(splitLines(HEADER + records.map(formatRecord).join('')), 0)
    promiseSame(again, records, 'records that are written and read again')
    const kept = compact(records)
    promise(kept.length <= records.length, 'more records than there were')
    promiseSame(replay(kept), replay(records), 'what is left of records')
  },
}

/** What TPHCTL_MOCK_FAULTS holds. */
export const faults: Target = {
  name: 'faults',
  share: 120,
  longest: 80,
  microsecondsPerByte: 4,
  seeds: () => ['set:2=EIO', 'open=EPERM,get:*=EIO', 'ioctl=EINTR'].map(bytesOf),
  words: ['set', 'get', 'probe', ':', '*', '=', ',', 'EIO', 'EINVAL', 'E2BIG'],
  run(input) {
    const rules = valueIn(() => new Faults(textOf(input)))
    const errno = rules?.next('set') ?? 0
    promise(errno >= 0 && errno < 4096, 'no errno')
  },
}
