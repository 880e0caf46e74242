import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { readLspciDump } from '../../pci/lspci-dump.ts'
import { inputError } from '../../system-error.ts'
import { EmulatedFunctions, type MockHost } from './mock-host.ts'

const CHUNK = 65_536
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The host whose functions a file of `lspci -D -xxxx` output holds.
 *
 * @throws UsageError when the file cannot be read or is no such output
 */
export function hostFromDump(path: string): MockHost {
  const hash = createHash('sha256')
  const { functions, notes } = readLspciDump(hashing(readDump(path), hash), path)
  const described = functions.map((one) => ({
    bdf: one.bdf,
    config: one.bytes,
    driver: 'vfio-pci',
    numaNode: null,
    iommuGroup: null,
    owned: true,
  }))
  const key = hash.digest('hex').slice(0, 16)
  return { key, functions: new EmulatedFunctions(described), notes }
}

function* hashing(pieces: Iterable<Uint8Array>, hash: Hash): Generator<Uint8Array> {
  for (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
}

/** In pieces that are valid until the next one, without the byte order mark that some editors put in front. */
function* readDump(path: string): Generator<Uint8Array> {
  const fd = reporting(path, () => openSync(path, 'r'))
  try {
    const bytes = Buffer.allocUnsafe(CHUNK)
    for (let isFirst = true; ; isFirst = false) {
      const count = reporting(path, () => readSync(fd, bytes))
      if (count === 0) return
      const piece = bytes.subarray(0, count)
      const hasMark = isFirst && piece.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
      yield hasMark ? piece.subarray(BYTE_ORDER_MARK.length) : piece
    }
  } finally {
    closeSync(fd)
  }
}

function reporting<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw inputError(`read mock host "${path}"`, error)
  }
}
