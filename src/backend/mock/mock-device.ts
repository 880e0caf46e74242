import { E } from '../../abi/errno.ts'
import {
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_FEATURE_GET,
  VFIO_DEVICE_FEATURE_PROBE,
  VFIO_DEVICE_FEATURE_SET,
  VFIO_DEVICE_RESET,
  vfio_device_feature,
} from '../../abi/vfio.ts'
import { CallError, type Device } from '../types.ts'
import { writeConfigSpace } from './config-write.ts'
import type { EmulatedFunction } from './emulated-function.ts'
import type { FaultCall, Faults } from './faults.ts'
import { changesState, deviceIoctl, type EmulatedKernel } from './kernel-ioctl.ts'
import { nameOfPciTph } from './pci-tph-v8.ts'
import type { MockStore } from './store.ts'

/** An emulated function as its owner's fd shows it. */
export class MockDevice implements Device {
  readonly bdf: string
  readonly #emulated: EmulatedFunction
  readonly #store: MockStore
  readonly #faults: Faults
  readonly #kernel: EmulatedKernel

  constructor(
    emulated: EmulatedFunction,
    store: MockStore,
    faults: Faults,
    kernel: EmulatedKernel,
  ) {
    this.bdf = emulated.bdf
    this.#emulated = emulated
    this.#store = store
    this.#faults = faults
    this.#kernel = kernel
    this.#failing('open')
  }

  ioctl(request: number, bytes: Uint8Array): number {
    const errno = this.#faults.next(this.#nameOf(request, bytes))
    if (errno !== 0) return -errno
    const access = changesState(this.#kernel, request, bytes) ? 'update' : 'read'
    return this.#store[access](this.bdf, (memory) =>
      deviceIoctl(this.#emulated, memory, request, bytes, this.#kernel),
    )
  }

  readConfig(offset: number, length: number): Uint8Array {
    this.#failing('read')
    return this.#store.read(this.bdf, ({ config }) => config.slice(offset, offset + length))
  }

  writeConfig(offset: number, bytes: Uint8Array): void {
    this.#failing('write')
    if (offset + bytes.length > this.#emulated.config.length) throw new CallError('write', E.EINVAL)
    this.#store.update(this.bdf, (memory) =>
      writeConfigSpace(this.#emulated, memory, offset, bytes, this.#kernel.abi === 'tph-st'),
    )
  }

  readBar(bar: number, offset: number, length: number): Uint8Array {
    this.#failing('read')
    const { msix } = this.#emulated
    return this.#store.read(this.bdf, ({ msix: table }) => {
      const start = offset - (msix?.tableOffset ?? 0)
      if (bar !== msix?.bar || start < 0 || start + length > table.length) {
        throw new CallError('mmap', E.ENODEV)
      }
      return table.slice(start, start + length)
    })
  }

  close(): void {}

  #nameOf(request: number, bytes: Uint8Array): FaultCall {
    const own = this.#kernel.abi === 'pci-tph-v8' ? nameOfPciTph(request, bytes) : null
    return own ?? nameOf(request, bytes)
  }

  #failing(call: FaultCall): void {
    const errno = this.#faults.next(call)
    if (errno !== 0) throw new CallError(call, errno)
  }
}

function nameOf(request: number, bytes: Uint8Array): FaultCall {
  if (request === VFIO_DEVICE_RESET) return 'reset'
  if (request !== VFIO_DEVICE_FEATURE || bytes.length < vfio_device_feature.size) return 'ioctl'
  const { flags } = vfio_device_feature.decode(bytes)
  if ((flags & VFIO_DEVICE_FEATURE_PROBE) !== 0) return 'probe'
  if ((flags & VFIO_DEVICE_FEATURE_SET) !== 0) return 'set'
  return (flags & VFIO_DEVICE_FEATURE_GET) !== 0 ? 'get' : 'ioctl'
}
