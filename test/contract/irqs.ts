import assert from 'node:assert/strict'
import { answerOf, assertResult } from './bytes.ts'
import { isMsixOn } from './config.ts'
import type { Borrowed } from './world.ts'

/** VFIO_DEVICE_SET_IRQS. */
const SET_IRQS = 0x3b6e
const MSIX = 2
/** DATA_NONE and ACTION_TRIGGER. */
const NOTHING = 0x21
/** DATA_EVENTFD and ACTION_TRIGGER. */
const EVENTFDS = 0x24

/** Gives all MSI-X vectors back, which turns MSI-X off. */
export function freeVectors(dev: Borrowed): void {
  const result = irqs(dev, NOTHING, 0, [])
  // With MSI-X off there are none to free.
  assert.ok(['ok', 'EINVAL'].includes(answerOf(result)), `freeing vectors: ${answerOf(result)}`)
  assert.equal(isMsixOn(dev), false, 'MSI-X is on though its vectors were freed')
}

/** Allocates the first vectors of a device that has none, without eventfds. */
export function allocateVectors(dev: Borrowed, count: number): void {
  const result = irqs(dev, EVENTFDS, 0, Array(count).fill(-1))
  assertResult(result, 'ok', `allocating ${count} vectors`)
  assert.equal(isMsixOn(dev), true, 'MSI-X is off though vectors were allocated')
}

/** Allocates one more vector, while MSI-X is on. */
export function allocateVector(dev: Borrowed, vector: number, eventfd: number): void {
  assertResult(irqs(dev, EVENTFDS, vector, [eventfd]), 'ok', `allocating vector ${vector}`)
}

/** struct vfio_irq_set: argsz, flags, index, start, count, data. */
function irqs({ device }: Borrowed, flags: number, start: number, fds: readonly number[]): number {
  const bytes = new Uint8Array(20 + 4 * fds.length)
  const view = new DataView(bytes.buffer)
  const header = [bytes.length, flags, MSIX, start, fds.length]
  for (const [i, value] of header.entries()) view.setUint32(4 * i, value, true)
  for (const [i, fd] of fds.entries()) view.setInt32(20 + 4 * i, fd, true)
  return device.ioctl(SET_IRQS, bytes)
}
