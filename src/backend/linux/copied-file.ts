import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { constants as os } from 'node:os'

/** Many times the longest file of a host that is read. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * Where a path of a copied host really lies. Whoever made the copy may have put links into it that lead out of it, to files that
 * only the reader may read.
 *
 * @param folder the copy's, as it really lies
 * @param place the path below it
 * @throws EXDEV, as openat2(2) with RESOLVE_BENEATH, when it leads out; system errors as Node throws them
 */
export function insideOf(folder: string, place: string): string {
  const real = realpathSync.native(place)
  if (real === folder || real.startsWith(`${folder}/`)) return real
  throw failure('EXDEV', place)
}

/**
 * A file of a copied host: a regular one, so that nothing is waited for and no device is opened.
 *
 * @throws EXDEV; EINVAL when it is no regular file; EFBIG when it is too long; system errors as Node throws them
 */
export function readCopiedFile(folder: string, place: string): Buffer {
  const real = insideOf(folder, place)
  const found = statSync(real)
  if (!found.isFile() && !found.isDirectory()) throw failure('EINVAL', place)
  const fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (fstatSync(fd).size > MOST_BYTES) throw failure('EFBIG', place)
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}

function failure(code: 'EXDEV' | 'EINVAL' | 'EFBIG', path: string): Error {
  const message = `${code}: of a copied host, open '${path}'`
  return Object.assign(new Error(message), { code, errno: -os.errno[code], path })
}
