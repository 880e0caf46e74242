import type { Binding } from './binding.ts'
import type { Libc } from './libc.ts'
import { settle } from './settle.ts'

const PROT_READ = 1
const MAP_SHARED = 1
const WORD = 4

/** Binds mmap(2) and munmap(2) as Libc.readMapped. */
export function bindReadMapped(binding: Binding): Libc['readMapped'] {
  const pageSize = binding.bind('getpagesize', 'int', [])()
  const mmap = binding.bind('mmap', 'long', ['long', 'size_t', 'int', 'int', 'int', 'long'])
  const munmap = binding.bind('munmap', 'int', ['long', 'size_t'])
  return (fd, offset, length) => {
    checkRange(offset, length)
    const before = offset % pageSize
    const size = before + length
    const start = settle(binding, () => mmap(0, size, PROT_READ, MAP_SHARED, fd, offset - before))
    if (start < 0) return start
    try {
      const words = new Uint32Array(length / WORD)
      binding.loadWords(start + before, words)
      return new Uint8Array(words.buffer)
    } finally {
      munmap(start, size)
    }
  }
}

function checkRange(offset: number, length: number): void {
  const fits = isMultiple(offset) && isMultiple(length) && length > 0
  if (!fits || !Number.isSafeInteger(offset + length)) {
    throw new RangeError(
      `Cannot read mapped memory: offset ${offset}, length ${length}: expected multiples of 4`,
    )
  }
}

function isMultiple(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value % WORD === 0
}
