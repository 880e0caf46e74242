import type { Random } from './random.ts'

/** Numbers at the edges of what fields hold. */
const EDGES = [
  0, 1, 2, 7, 8, 15, 16, 31, 63, 64, 127, 128, 255, 256, 2047, 2048, 4095, 4096,
] as const
const LARGE_EDGES = [65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 4294967296] as const
const NUMBERS = [...EDGES, ...LARGE_EDGES]
const LONG_NUMBERS = ['9007199254740993', '1'.repeat(40), '00', '-1', '1e9', '0x10'] as const
const MOST_CHANGES = 6

/** What a mutation may draw from. */
export interface Material {
  readonly random: Random
  readonly words: readonly Uint8Array[]
  /** Another input of the same target. */
  other(): Uint8Array
}

type Change = (bytes: Uint8Array, material: Material) => Uint8Array

/** Another input, made from one by a few changes. @param longest how many bytes it may have */
export function mutate(bytes: Uint8Array, material: Material, longest: number): Uint8Array {
  const { random } = material
  let changed = bytes
  for (let left = 1 + random.below(MOST_CHANGES); left > 0; left--)
    changed = random.pick(CHANGES)(changed, material)
  return changed.length > longest ? changed.slice(0, longest) : changed
}

/** A piece of an input again and again, between what was before it and behind it. */
export function magnify(bytes: Uint8Array, { random }: Material, length: number): Uint8Array {
  const [start, end] = rangeIn(bytes, random)
  if (start === end) return bytes
  const piece = bytes.subarray(start, end)
  const times = Math.max(1, Math.floor((length - bytes.length) / piece.length))
  return join(
    bytes.subarray(0, start),
    ...Array<Uint8Array>(times).fill(piece),
    bytes.subarray(end),
  )
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** A range of an input, mostly a short one. */
function rangeIn({ length }: Uint8Array, random: Random): [start: number, end: number] {
  const most = random.below(4) === 0 ? length : Math.min(length, 16)
  const size = length === 0 ? 0 : 1 + random.below(most)
  const start = random.below(length - size + 1)
  return [start, start + size]
}

/** Puts something into the place of a range. */
function replaced(bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  return join(bytes.subarray(0, start), by, bytes.subarray(end))
}

function poked(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = value
  return copy
}

const flipBit: Change = (bytes, { random }) => {
  const at = random.below(bytes.length)
  return poked(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)))
}

const setByte: Change = (bytes, { random }) =>
  poked(bytes, random.below(bytes.length), random.next() & 0xff)

const setPrintable: Change = (bytes, { random }) =>
  poked(bytes, random.below(bytes.length), 0x20 + random.below(0x5f))

const setNumber: Change = (bytes, { random }) => {
  const width = random.pick([1, 2, 4])
  if (bytes.length < width) return bytes
  const copy = bytes.slice()
  const at = random.below(bytes.length - width + 1) & (random.below(2) === 0 ? ~0 : ~(width - 1))
  const value = random.pick(NUMBERS)
  for (let i = 0; i < width; i++) copy[at + i] = Math.floor(value / 2 ** (8 * i)) & 0xff
  return copy
}

const remove: Change = (bytes, { random }) =>
  replaced(bytes, ...rangeIn(bytes, random), new Uint8Array(0))

const insert: Change = (bytes, { random }) => {
  const at = random.below(bytes.length + 1)
  const some = Uint8Array.from({ length: 1 + random.below(4) }, () => random.next() & 0xff)
  return replaced(bytes, at, at, some)
}

const repeat: Change = (bytes, { random }) => {
  const [start, end] = rangeIn(bytes, random)
  const piece = bytes.subarray(start, end)
  const at = random.below(2) === 0 ? end : random.below(bytes.length + 1)
  return replaced(bytes, at, at, join(...Array<Uint8Array>(1 + random.below(3)).fill(piece)))
}

const insertWord: Change = (bytes, { random, words }) => {
  if (words.length === 0) return bytes
  const at = random.below(bytes.length + 1)
  return replaced(bytes, at, at, random.pick(words))
}

const replaceByWord: Change = (bytes, { random, words }) =>
  words.length === 0 ? bytes : replaced(bytes, ...rangeIn(bytes, random), random.pick(words))

const cross: Change = (bytes, { random, other }) => {
  const from = other()
  const [start, end] = rangeIn(from, random)
  return replaced(bytes, ...rangeIn(bytes, random), from.subarray(start, end))
}

const isDigit = (code: number | undefined): boolean =>
  code !== undefined && code >= 0x30 && code <= 0x39

/** Another number in the place of the next one that is written in digits. */
const changeDigits: Change = (bytes, { random }) => {
  let start = random.below(bytes.length)
  while (start < bytes.length && !isDigit(bytes[start])) start++
  if (start >= bytes.length) return bytes
  let end = start
  while (isDigit(bytes[end])) end++
  const text = random.below(5) === 0 ? random.pick(LONG_NUMBERS) : `${random.pick(NUMBERS)}`
  return replaced(bytes, start, end, Buffer.from(text))
}

const CHANGES: readonly Change[] = [
  flipBit,
  setByte,
  setPrintable,
  setNumber,
  remove,
  insert,
  repeat,
  insertWord,
  replaceByWord,
  cross,
  changeDigits,
]
