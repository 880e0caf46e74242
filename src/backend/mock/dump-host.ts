import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseLspciDump } from '../../pci/lspci-dump.ts'
import { inputError } from '../../system-error.ts'
import { EmulatedFunctions, type MockHost } from './mock-host.ts'

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The host whose functions a file of `lspci -D -xxxx` output holds.
 *
 * @throws UsageError when the file cannot be read or is no such output
 */
export function hostFromDump(path: string): MockHost {
  const bytes = readDump(path)
  const { functions, notes } = parseLspciDump(bytes.toString('latin1'), path)
  const described = functions.map((one) => ({
    bdf: one.bdf,
    config: one.bytes,
    driver: 'vfio-pci',
    numaNode: null,
    iommuGroup: null,
    owned: true,
  }))
  const key = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  return { key, functions: new EmulatedFunctions(described), notes }
}

/** Without the byte order mark that some editors put in front. */
function readDump(path: string): Buffer {
  try {
    const bytes = readFileSync(path)
    return bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
      ? bytes.subarray(BYTE_ORDER_MARK.length)
      : bytes
  } catch (error) {
    throw inputError(`read mock host "${path}"`, error)
  }
}
