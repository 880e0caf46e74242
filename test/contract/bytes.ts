import assert from 'node:assert/strict'
import { errnoName } from '../../src/abi/errno.ts'

/** The bytes of hex digits; blanks between fields do not count. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

/** Bytes as hex digits. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Asserts that bytes are these, shown as hex where they are not. */
export function assertHex(actual: Uint8Array, expected: string, what: string): void {
  const wanted = expected.replaceAll(' ', '')
  const found = toHex(actual)
  assert.equal(found, wanted, `${what}: 0x${found}, expected 0x${wanted}`)
}

/** Asserts what an ioctl returned, by errno name. */
export function assertResult(actual: number, expected: Answer, what: string): void {
  const found = answerOf(actual)
  assert.equal(found, expected, `${what}: ${found}, expected ${expected}`)
}

/** What an ioctl answers: 0 or the name of its errno. */
export type Answer = 'ok' | 'EFAULT' | 'EINVAL' | 'ENOTTY' | 'EOPNOTSUPP' | 'EBUSY' | 'ENXIO'

/** An ioctl's result as it is written in cases; a name that no case has where it is none of those. */
export function answerOf(result: number): string {
  if (result === 0) return 'ok'
  return result > 0 ? `${result}` : errnoName(-result)
}

/** A call, and what it is to answer. */
export type Row = readonly [what: string, hex: string, answer: Answer]

/** Sends the bytes of every row and asserts all answers at once, so that one failure does not hide another. */
export function assertAnswers(rows: readonly Row[], send: (bytes: Uint8Array) => number): void {
  const show = (what: string, hex: string, answer: string) => `${answer} for ${what}: ${hex}`
  const actual = rows.map(([what, hex]) => show(what, hex, answerOf(send(fromHex(hex)))))
  const expected = rows.map(([what, hex, answer]) => show(what, hex, answer))
  assert.deepEqual(actual, expected)
}
