import { ftruncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { describeBindings } from './bindings.ts'
import { NOT_OPEN, open, openPipe } from './descriptors.ts'

const EBADF = 9
const EACCES = 13
const ENODEV = 19
const PAGE = 4096
const SIZE = 3 * PAGE

/** Bytes of which no two neighbouring words are alike. */
const content = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) & 0xff)

function contentFile(): string {
  const path = join(temporaryDirectory(), 'content')
  writeFileSync(path, content)
  return path
}

describeBindings('readMapped()', (libc) => {
  it.each([
    [0, 4],
    [0, PAGE],
    [0, SIZE],
    [4, 4],
    [PAGE - 4, 4],
    [PAGE - 4, 8],
    [PAGE, PAGE],
    [PAGE + 0x10c, 2 * PAGE - 0x10c],
    [SIZE - 4, 4],
  ])('equals the file at %i, %i bytes', (offset, length) => {
    const bytes = libc.readMapped(open(contentFile()), offset, length)
    expect(bytes).toBeInstanceOf(Uint8Array)
    expect(bytes).toEqual(content.slice(offset, offset + length))
  })

  it('equals the file at every offset and length of a table, over and over', () => {
    const fd = open(contentFile())
    for (let i = 0; i < 2000; i++) {
      const offset = (i * 4 * 37) % (SIZE - 4)
      const length = Math.min(4 + 4 * (i % 700), SIZE - offset)
      const bytes = libc.readMapped(fd, offset, length) as Uint8Array
      expect(Buffer.compare(bytes, content.subarray(offset, offset + length))).toBe(0)
    }
  })

  it('shows what was written since', () => {
    const fd = open(contentFile(), 'r+')
    libc.readMapped(fd, 0, 8)
    writeSync(fd, Uint8Array.of(1, 2, 3, 4), 0, 4, 4)
    expect(libc.readMapped(fd, 4, 4)).toEqual(Uint8Array.of(1, 2, 3, 4))
  })

  it('returns a copy that outlives the mapping and the file', () => {
    const fd = open(contentFile(), 'r+')
    const bytes = libc.readMapped(fd, 0, 8)
    writeSync(fd, new Uint8Array(8), 0, 8, 0)
    expect(bytes).toEqual(content.slice(0, 8))
  })

  it.each([2 ** 32, 5 * 2 ** 40])('reads at offset %i of a sparse file', (offset) => {
    const fd = open(join(temporaryDirectory(), 'sparse'), 'w+')
    ftruncateSync(fd, offset + PAGE)
    writeSync(fd, Uint8Array.of(1, 2, 3, 4), 0, 4, offset + 8)
    expect(libc.readMapped(fd, offset + 4, 12)).toEqual(
      Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0),
    )
  })

  it.each([
    ['-EBADF for no descriptor', () => NOT_OPEN, -EBADF],
    ['-EACCES for a file not open for reading', () => open(contentFile(), 'a'), -EACCES],
    ['-ENODEV for a pipe', () => openPipe(), -ENODEV],
    ['-ENODEV for a directory', () => open('/'), -ENODEV],
  ])('returns %s', (_, fd, expected) => {
    expect(libc.readMapped(fd(), 0, 4)).toBe(expected)
  })

  it('takes an offset near 2^53, which the kernel judges', () => {
    const offset = Number.MAX_SAFE_INTEGER - 7
    expect(libc.readMapped(NOT_OPEN, offset, 4)).toBe(-EBADF)
  })

  it.each([
    [2, 4],
    [-4, 4],
    [0.5, 4],
    [Number.NaN, 4],
    [Number.POSITIVE_INFINITY, 4],
    [2 ** 53, 4],
    [Number.MAX_SAFE_INTEGER - 3, 4],
    [0, 0],
    [0, -4],
    [0, 6],
    [0, Number.NaN],
  ])('refuses offset %d, length %d before any call', (offset, length) => {
    expect(() => libc.readMapped(NOT_OPEN, offset, length)).toThrow(RangeError)
  })
})
