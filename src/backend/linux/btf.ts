import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Root } from './root.ts'

const FOLDER = '/sys/kernel/btf'

/** The struct of TPH_ST. */
export const TPH_STRUCT = 'vfio_device_feature_tph_st'

/** A struct that every kernel with VFIO migration (5.18 on) names in the BTF that has VFIO's feature structs. */
export const SIBLING = 'vfio_device_feature_migration'

/** Bytes asked for at a time; sysfs gives one page a read. */
const CHUNK = 65536

/** What the search of one file came to. */
type Found = 'struct' | 'sibling' | 'neither' | 'unreadable'

/**
 * Whether the running kernel's BTF names a VFIO feature struct. `unknown` when not all of it can be read, or when it names no
 * other such struct: then VFIO is not in it, and what is missing says nothing.
 */
export function structInBtf(root: Root, struct: string): 'present' | 'missing' | 'unknown' {
  const seen = new Set<Found>()
  for (const name of fileNames(root)) {
    const found = orNull(() => search(root.inside(`${FOLDER}/${name}`), struct)) ?? 'unreadable'
    if (found === 'struct') return 'present'
    seen.add(found)
  }
  return seen.has('sibling') && !seen.has('unreadable') ? 'missing' : 'unknown'
}

/** The names of the BTF files, those of VFIO's own modules first. */
function fileNames(root: Root): string[] {
  const names = orNull(() => root.names(FOLDER)) ?? []
  return names.sort((a, b) => Number(b.startsWith('vfio')) - Number(a.startsWith('vfio')))
}

function search(path: string, struct: string): Found {
  const [wanted, sibling] = [Buffer.from(`${struct}\0`), Buffer.from(`${SIBLING}\0`)]
  let found: Found = 'neither'
  if (!statSync(path).isFile()) return 'unreadable'
  const fd = openSync(path, 'r')
  try {
    for (const piece of pieces(fd, Math.max(wanted.length, sibling.length) - 1)) {
      if (piece.includes(wanted)) return 'struct'
      if (piece.includes(sibling)) found = 'sibling'
    }
  } finally {
    closeSync(fd)
  }
  return found
}

/** A file piece by piece, each with the last bytes of the one before; valid until the next is asked for. */
function* pieces(fd: number, overlap: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(overlap + CHUNK)
  for (let kept = 0; ; ) {
    const read = readSync(fd, buffer, kept, CHUNK, null)
    if (read === 0) return
    const end = kept + read
    yield buffer.subarray(0, end)
    kept = Math.min(overlap, end)
    buffer.copyWithin(0, end - kept, end)
  }
}

/** Null where a system call fails. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return null
  }
}
