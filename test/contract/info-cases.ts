import assert from 'node:assert/strict'
import { CallError } from '../../src/backend/types.ts'
import { assertAnswers, assertHex, assertResult, fromHex, type Row } from './bytes.ts'
import { onDevice } from './feature.ts'
import type { Borrowed, ContractCase, Role } from './world.ts'

const GET_INFO = 0x3b6b
const GET_REGION_INFO = 0x3b6c

/** struct vfio_device_info: argsz, flags, num_regions, num_irqs, cap_offset. */
const GET_INFO_ROWS: readonly Row[] = [
  ['nothing readable', '', 'EFAULT'],
  ['15 bytes', '10000000 00000000 00000000 000000', 'EFAULT'],
  ['argsz 0', '00000000 00000000 00000000 00000000', 'EINVAL'],
  ['argsz 15', '0f000000 00000000 00000000 00000000', 'EINVAL'],
  ['argsz 16', '10000000 00000000 00000000 00000000', 'ok'],
  ['argsz 24 of 16 bytes', '18000000 00000000 00000000 00000000', 'EFAULT'],
]

/** struct vfio_region_info: argsz, flags, index, cap_offset, size, offset. */
const GET_REGION_INFO_ROWS: readonly Row[] = [
  ['nothing readable', '', 'EFAULT'],
  ['31 bytes', `20000000 00000000 07000000 ${'00'.repeat(19)}`, 'EFAULT'],
  ['argsz 0', `00000000 00000000 07000000 ${'00'.repeat(20)}`, 'EINVAL'],
  ['argsz 31', `1f000000 00000000 07000000 ${'00'.repeat(20)}`, 'EINVAL'],
  ['region 8, VGA', region('08'), 'EINVAL'],
  ['region 9', region('09'), 'EINVAL'],
  ['region 0xffffffff', `20000000 00000000 ffffffff ${'00'.repeat(20)}`, 'EINVAL'],
]

/** Requests that no device fd has: VFIO_GET_API_VERSION, VFIO_GROUP_GET_STATUS, the last of the type, TCGETS, others. */
const UNKNOWN_REQUESTS = [0x3b64, 0x3b67, 0x3bff, 0x5401, 0x3c75, 0xffff]

/** The other ioctls that tphctl makes. */
export const infoCases: readonly ContractCase[] = [
  on('capability', 'VFIO_DEVICE_GET_INFO tells of a PCI device with reset', (dev) => {
    const start = '03000000 09000000 05000000'
    const ones = 'ffffffff'.repeat(4)
    assertReply(dev, GET_INFO, `10000000 ${ones}`, `10000000 ${start} ffffffff`)
    assertReply(dev, GET_INFO, `14000000 ${ones}`, `14000000 ${start} 00000000`)
    assertReply(dev, GET_INFO, `18000000 ${ones} ffffffff`, `18000000 ${start} ${'0'.repeat(16)}`)
    const more = `20000000 ${start} ${'0'.repeat(16)} ffffffff ffffffff`
    assertReply(dev, GET_INFO, `20000000 ${ones} ${'ffffffff'.repeat(3)}`, more)
  }),
  on('capability', 'VFIO_DEVICE_GET_INFO refuses', (dev) => {
    assertAnswers(GET_INFO_ROWS, (bytes) => dev.ioctlAtEdge(GET_INFO, bytes))
  }),
  on('plain', 'VFIO_DEVICE_GET_REGION_INFO tells where config space lies', (dev) => {
    const place = '0010000000000000 0000000000070000'
    assertReply(dev, GET_REGION_INFO, region('07'), `20000000 03000000 07000000 00000000 ${place}`)
    const sent = `28000000 ffffffff 07000000 cccccccc ${'ff'.repeat(24)}`
    const reply = `28000000 03000000 07000000 cccccccc ${place} ${'ff'.repeat(8)}`
    assertReply(dev, GET_REGION_INFO, sent, reply)
  }),
  on('msix', 'VFIO_DEVICE_GET_REGION_INFO tells of the BAR with the MSI-X table', (dev) => {
    const asked = fromHex(region('00'))
    assertResult(dev.device.ioctl(GET_REGION_INFO, asked), 'ok', 'region 0')
    // Its size is the device's own matter: a power of two that holds the table of 32 KB.
    const size = new DataView(asked.buffer).getBigUint64(16, true)
    assert.ok(size >= 0x8000n && (size & (size - 1n)) === 0n, `BAR 0 has ${size} bytes`)
    const place = `${Buffer.from(asked.subarray(16, 24)).toString('hex')} 0000000000000000`
    // Readable, writable, mappable, with capabilities; that takes 40 bytes to say.
    assertHex(asked, `28000000 0f000000 00000000 00000000 ${place}`, 'region 0')
    const roomy = `28000000 00000000 00000000 00000000 ${'00'.repeat(16)} ffffffffffffffff`
    const reply = `28000000 0f000000 00000000 20000000 ${place} 0300 0100 00000000`
    assertReply(dev, GET_REGION_INFO, roomy, reply)
  }),
  on('capability', 'VFIO_DEVICE_GET_REGION_INFO tells of regions that are not there', (dev) => {
    for (const index of ['01', '02', '05', '06']) {
      const reply = `20000000 00000000 ${index}000000 00000000 ${'00'.repeat(8)} 0000000000${index}0000`
      assertReply(dev, GET_REGION_INFO, region(index), reply)
    }
  }),
  on('capability', 'VFIO_DEVICE_GET_REGION_INFO refuses', (dev) => {
    assertAnswers(GET_REGION_INFO_ROWS, (bytes) => dev.ioctlAtEdge(GET_REGION_INFO, bytes))
  }),
  on('msix', 'a BAR that is not there has no memory', ({ device }) => {
    assert.throws(() => device.readBar(2, 0, 4), new CallError('mmap', 19))
    assert.equal(device.readBar(0, 0, 2048 * 16).length, 2048 * 16)
  }),
  on('capability', 'an ioctl that no device has', (dev) => {
    for (const request of UNKNOWN_REQUESTS) {
      const bytes = fromHex('08000000 0e000400')
      const what = `ioctl 0x${request.toString(16)}`
      assertResult(dev.device.ioctl(request, bytes), 'ENOTTY', what)
      assertHex(bytes, '08000000 0e000400', what)
    }
  }),
]

function on(role: Role, name: string, use: (dev: Borrowed) => void): ContractCase {
  return { name, roles: [role], run: (world) => onDevice(world, role, use) }
}

function region(index: string): string {
  return `20000000 00000000 ${index}000000 00000000 ${'00'.repeat(16)}`
}

function assertReply({ device }: Borrowed, request: number, sent: string, expected: string): void {
  const bytes = fromHex(sent)
  assertResult(device.ioctl(request, bytes), 'ok', sent)
  assertHex(bytes, expected, `reply to ${sent}`)
}
