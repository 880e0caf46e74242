import { closeSync, openSync, readSync } from 'node:fs'
import type { Io } from '../../io.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import { secondaryBus } from '../../pci/express.ts'
import { readLspciDump } from '../../pci/lspci-dump.ts'
import { withoutMark } from '../../pieces.ts'
import { inputError } from '../../system-error.ts'
import { environmentFile } from './environment-file.ts'
import { Fingerprint } from './fingerprint.ts'
import { EmulatedFunctions, type MockHost } from './mock-host.ts'

const CHUNK = 65_536

/**
 * The host whose functions a file of `lspci -D -xxxx` output holds.
 *
 * @throws UsageError when the file cannot be read or is no such output
 */
export function hostFromDump(path: string): MockHost {
  const fingerprint = new Fingerprint()
  const { functions, notes } = readLspciDump(noting(withoutMark(readDump(path)), fingerprint), path)
  const described = functions.map((one) => ({
    bdf: one.bdf,
    config: one.bytes,
    secondaryBus: secondaryBus(new ConfigSpace(one.bytes)),
    driver: 'vfio-pci',
    numaNode: null,
    iommuGroup: null,
    owned: true,
  }))
  return { key: fingerprint.digest(), functions: new EmulatedFunctions(described), notes }
}

/** The same for the file that TPHCTL_MOCK_HOST names. @throws PermissionError under sudo when others could have chosen it */
export function hostFromEnvironment(io: Pick<Io, 'env' | 'uid'>, path: string): MockHost {
  return hostFromDump(environmentFile(io, 'TPHCTL_MOCK_HOST', path))
}

function* noting(pieces: Iterable<Uint8Array>, fingerprint: Fingerprint): Generator<Uint8Array> {
  for (const piece of pieces) {
    fingerprint.update(piece)
    yield piece
  }
}

/** In pieces that are valid until the next one. */
function* readDump(path: string): Generator<Uint8Array> {
  const fd = reporting(path, () => openSync(path, 'r'))
  try {
    const bytes = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      const count = reporting(path, () => readSync(fd, bytes))
      if (count === 0) return
      yield bytes.subarray(0, count)
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
