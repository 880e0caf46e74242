import { E, errnoNumber } from '../../src/abi/errno.ts'
import type { MockDevice } from '../../src/backend/mock/mock-device.ts'
import { CallError } from '../../src/backend/types.ts'
import { injector } from './injector.ts'
import { ioctlKind } from './ioctl-kind.ts'

/** The number of the last emulated device that was opened; they have no fds. */
let last = 0

/** The emulated device, each of whose calls asks the injector first, as the Device line has them. */
export function faultyDevice(Base: typeof MockDevice): typeof MockDevice {
  return class extends Base {
    readonly #fd: number

    constructor(...options: ConstructorParameters<typeof MockDevice>) {
      failing('borrow')
      super(...options)
      this.#fd = --last
      injector()?.opened(this.#fd, `device ${this.bdf}`)
    }

    override ioctl(request: number, bytes: Uint8Array): number {
      const errno = injector()?.call(ioctlKind(request, bytes), 'device') ?? null
      return errno === null ? super.ioctl(request, bytes) : -(errnoNumber(errno) ?? E.EIO)
    }

    override readConfig(offset: number, length: number): Uint8Array {
      failing('pread')
      return super.readConfig(offset, length)
    }

    override writeConfig(offset: number, bytes: Uint8Array): void {
      failing('pwrite')
      super.writeConfig(offset, bytes)
    }

    override readBar(bar: number, offset: number, length: number): Uint8Array {
      failing('mmap')
      return super.readBar(bar, offset, length)
    }

    /** It is no call: nothing can fail. */
    override close(): void {
      injector()?.closed(this.#fd)
      super.close()
    }
  }
}

function failing(kind: string): void {
  const errno = injector()?.call(kind, 'device') ?? null
  if (errno !== null) throw new CallError(kind, errnoNumber(errno) ?? E.EIO)
}
