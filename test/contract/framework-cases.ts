import { assertAnswers, type Row } from './bytes.ts'
import { FEATURE, onDevice } from './feature.ts'
import type { ContractCase, Role } from './world.ts'

/*
 * Each row: argsz, flags (feature index 14 is 0e00; GET, SET, PROBE are bits 16, 17, 18), then tph_st flags, index, count, data.
 * What a row lacks is memory that cannot be read.
 */

const HEADER: readonly Row[] = [
  ['nothing readable', '', 'EFAULT'],
  ['1 byte', '08', 'EFAULT'],
  ['a header cut after 7 bytes', '08000000 0e0004', 'EFAULT'],
  ['argsz 0', '00000000 0e000400', 'EINVAL'],
  ['argsz 7', '07000000 0e000400', 'EINVAL'],
  ['argsz 0 of a GET', '00000000 0e000100 00000000 00000100 00000000', 'EINVAL'],
  ['flag bit 19', '08000000 0e000c00', 'EINVAL'],
  ['flag bit 31', '08000000 0e000480', 'EINVAL'],
  ['GET and SET', '14000000 0e000300 00000000 00000100 00000000', 'EINVAL'],
  ['neither GET nor SET', '14000000 0e000000 00000000 00000100 00000000', 'EINVAL'],
  ['neither, with argsz 8', '08000000 0e000000', 'EINVAL'],
]

const FEATURE_INDEX: readonly Row[] = [
  ['PROBE of feature 999', '08000000 e7030400', 'ENOTTY'],
  ['GET of feature 999', '14000000 e7030100 00000000 00000100 00000000', 'ENOTTY'],
  ['SET of feature 999', '14000000 e7030200 00000000 00000100 00000000', 'ENOTTY'],
  ['feature 65535', '08000000 ffff0400', 'ENOTTY'],
  ['feature 2, of devices that migrate', '10000000 02000200 00000000 00000000', 'ENOTTY'],
]

const PROBE: readonly Row[] = [
  ['PROBE alone', '08000000 0e000400', 'ok'],
  ['PROBE GET', '08000000 0e000500', 'ok'],
  ['PROBE SET', '08000000 0e000600', 'ok'],
  ['PROBE GET SET', '08000000 0e000700', 'ok'],
  ['PROBE with an argsz that is not readable', '14000000 0e000400', 'ok'],
  ['PROBE SET of what SET would refuse', '14000000 0e000600 ffffffff ffffffff 00000000', 'ok'],
]

const SIZE: readonly Row[] = [
  ['GET with argsz 8', '08000000 0e000100', 'EINVAL'],
  ['SET with argsz 8', '08000000 0e000200', 'EINVAL'],
  ['GET with argsz 15', '0f000000 0e000100 00000000 00000100 00000000', 'EINVAL'],
  ['SET with argsz 15', '0f000000 0e000200 00000000 00000100 00000000', 'EINVAL'],
  ['GET with argsz 16 for one entry', '10000000 0e000100 00000000 00000100', 'EINVAL'],
  ['SET with argsz 16 for one entry', '10000000 0e000200 00000000 00000100', 'EINVAL'],
  ['GET with argsz 19', '13000000 0e000100 00000000 00000100 00000000', 'EINVAL'],
  ['SET with argsz 19', '13000000 0e000200 00000000 00000100 00000000', 'EINVAL'],
  ['GET of 2 with room for 1', '14000000 0e000100 00000000 00000200 00000000', 'EINVAL'],
  ['SET of 2 with room for 1', '14000000 0e000200 00000000 00000200 00000000', 'EINVAL'],
  ['GET of 64 with room for 1', '14000000 0e000100 00000000 00004000 00000000', 'EINVAL'],
  ['SET of 64 with room for 1', '14000000 0e000200 00000000 00004000 00000000', 'EINVAL'],
  ['GET with more room than needed', '18000000 0e000100 00000000 00000100 00000000 00000000', 'ok'],
  ['argsz 0xffffffff of a GET of one', 'ffffffff 0e000100 00000000 00000100 00000000', 'ok'],
]

const RANGE: readonly Row[] = [
  ['GET of no entry', '10000000 0e000100 00000000 00000000', 'EINVAL'],
  ['SET of no entry', '10000000 0e000200 00000000 00000000', 'EINVAL'],
  ['GET of no entry, with data', '14000000 0e000100 00000000 00000000 00000000', 'EINVAL'],
  ['GET of no entry beyond the table', '10000000 0e000100 00000000 40000000', 'EINVAL'],
  ['GET of entry 63', '14000000 0e000100 00000000 3f000100 00000000', 'ok'],
  ['SET of entry 63', '14000000 0e000200 00000000 3f000100 ffffffff', 'ok'],
  ['GET of entry 64', '14000000 0e000100 00000000 40000100 00000000', 'EINVAL'],
  ['SET of entry 64', '14000000 0e000200 00000000 40000100 00000000', 'EINVAL'],
  ['GET of entries 63 and 64', '18000000 0e000100 00000000 3f000200 00000000 00000000', 'EINVAL'],
  ['SET of entries 63 and 64', '18000000 0e000200 00000000 3f000200 00000000 00000000', 'EINVAL'],
  ['GET of entry 65535', '14000000 0e000100 00000000 ffff0100 00000000', 'EINVAL'],
  ['SET of 65535 entries from 65535 on', '0c000400 0e000200 00000000 ffffffff', 'EINVAL'],
  ['GET of 65535 entries', '0c000400 0e000100 00000000 0000ffff', 'EINVAL'],
  ['SET of 65535 entries', '0c000400 0e000200 00000000 0000ffff', 'EINVAL'],
  ['GET of 65535 entries with argsz 16', '10000000 0e000100 00000000 0000ffff', 'EINVAL'],
]

const MEMORY: readonly Row[] = [
  ['GET with no byte of the payload', '14000000 0e000100', 'EFAULT'],
  ['SET with no byte of the payload', '14000000 0e000200', 'EFAULT'],
  ['SET with 7 bytes of tph_st', '14000000 0e000200 00000000 000001', 'EFAULT'],
  ['GET with no byte of the data', '14000000 0e000100 00000000 00000100', 'EFAULT'],
  ['SET with no byte of the data', '14000000 0e000200 00000000 00000100', 'EFAULT'],
  ['SET with 3 bytes of the data', '14000000 0e000200 00000000 00000100 010000', 'EFAULT'],
  ['GET of 2 with memory for 1', '18000000 0e000100 00000000 00000200 00000000', 'EFAULT'],
  ['SET of 2 with memory for 1', '18000000 0e000200 00000000 00000200 00000000', 'EFAULT'],
  ['SET of 64 with memory for 1', '10010000 0e000200 00000000 00004000 00000000', 'EFAULT'],
  ['a PROBE is not read further', '18000000 0e000700', 'ok'],
]

const TPH_ST_FLAGS: readonly Row[] = [
  ['SET with bit 1', '14000000 0e000200 02000000 00000100 00000000', 'EINVAL'],
  ['SET with bits 0 and 1', '14000000 0e000200 03000000 00000100 00000000', 'EINVAL'],
  ['SET with bit 31', '14000000 0e000200 00000080 00000100 00000000', 'EINVAL'],
  ['SET of none with bit 1', '14000000 0e000200 02000000 00000100 ffffffff', 'EINVAL'],
  ['GET with bit 0', '14000000 0e000100 01000000 00000100 00000000', 'EINVAL'],
  ['GET with bit 1', '14000000 0e000100 02000000 00000100 00000000', 'EINVAL'],
  ['GET with bit 31', '14000000 0e000100 00000080 00000100 00000000', 'EINVAL'],
]

const ORDER: readonly Row[] = [
  ['argsz before the feature index', '04000000 e7030400', 'EINVAL'],
  ['unknown flags before the feature index', '08000000 e7030c00', 'EINVAL'],
  ['GET with SET before the feature index', '08000000 e7030300', 'EINVAL'],
  ['the feature index before neither GET nor SET', '08000000 e7030000', 'ENOTTY'],
  ['the feature index before the size', '08000000 e7030100', 'ENOTTY'],
  ['neither GET nor SET before reading on', '14000000 0e000000', 'EINVAL'],
  ['the size before reading on', '0c000000 0e000100', 'EINVAL'],
  ['reading tph_st before its flags', '14000000 0e000200 02000000', 'EFAULT'],
  ['tph_st.flags before reading data', '14000000 0e000200 02000000 00000100', 'EINVAL'],
  ['the table before reading data', '14000000 0e000200 00000000 40000100', 'EINVAL'],
  ['argsz before reading data', '10000000 0e000200 00000000 00000100', 'EINVAL'],
  ['reading all data before its CPUs', '18000000 0e000200 00000000 00000200 feffffff', 'EFAULT'],
]

const WITHOUT_TPH: readonly Row[] = [
  ['PROBE', '08000000 0e000400', 'ENOTTY'],
  ['PROBE GET SET', '08000000 0e000700', 'ENOTTY'],
  ['GET', '14000000 0e000100 00000000 00000100 00000000', 'ENOTTY'],
  ['SET', '14000000 0e000200 00000000 00000100 00000000', 'ENOTTY'],
  ['GET that is not readable', '14000000 0e000100', 'ENOTTY'],
  ['argsz 7', '07000000 0e000400', 'EINVAL'],
  ['flag bit 19', '08000000 0e000c00', 'EINVAL'],
  ['GET and SET', '08000000 0e000300', 'EINVAL'],
  ['7 bytes', '08000000 0e0004', 'EFAULT'],
]

const LARGE_TABLE: readonly Row[] = [
  ['GET of entry 2047', '14000000 0e000100 00000000 ff070100 00000000', 'ok'],
  ['SET of entry 2047', '14000000 0e000200 00000000 ff070100 00000000', 'ok'],
  ['GET of entry 2048', '14000000 0e000100 00000000 00080100 00000000', 'EINVAL'],
  ['SET of entry 2048', '14000000 0e000200 00000000 00080100 00000000', 'EINVAL'],
  ['GET of entries 2047 and 2048', '18000000 0e000100 00000000 ff070200 00000000', 'EINVAL'],
  ['SET of entries 2047 and 2048', '18000000 0e000200 00000000 ff070200 00000000', 'EINVAL'],
  ['GET of 2049 entries', '14200000 0e000100 00000000 00000108', 'EINVAL'],
  ['GET of 65535 entries', '0c000400 0e000100 00000000 0000ffff', 'EINVAL'],
]

/** What VFIO_DEVICE_FEATURE answers to well-formed and malformed requests. */
export const frameworkCases: readonly ContractCase[] = [
  answers('the header', 'capability', HEADER),
  answers('the feature index', 'capability', FEATURE_INDEX),
  answers('PROBE', 'capability', PROBE),
  answers('PROBE of the device without a table', 'tableless', PROBE),
  answers('the size', 'capability', SIZE),
  answers('index and count', 'capability', RANGE),
  answers('index and count of the MSI-X table', 'msix', LARGE_TABLE),
  answers('index and count without a table', 'tableless', LARGE_TABLE),
  answers('memory that cannot be read', 'capability', MEMORY),
  answers('tph_st.flags', 'capability', TPH_ST_FLAGS),
  answers('what comes first', 'capability', ORDER),
  answers('a device without TPH', 'plain', WITHOUT_TPH),
]

function answers(name: string, role: Role, rows: readonly Row[]): ContractCase {
  return {
    name,
    roles: [role],
    run: (world) =>
      onDevice(world, role, (dev) => {
        assertAnswers(rows, (bytes) => dev.ioctlAtEdge(FEATURE, bytes))
      }),
  }
}
