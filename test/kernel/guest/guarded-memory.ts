import koffi from 'koffi'

const PAGE = 4096
const PROT_NONE = 0
const PROT_READ = 1
const PROT_WRITE = 2
const MAP_PRIVATE_ANONYMOUS = 0x22

const libc = koffi.load(null)
const mmap = libc.func('mmap', 'long', ['long', 'size_t', 'int', 'int', 'int', 'long'])
const mprotect = libc.func('mprotect', 'int', ['long', 'size_t', 'int'])
const copyIn = libc.func('memcpy', 'long', ['long', 'void *', 'size_t'])
const copyOut = libc.func('memcpy', 'long', ['void *', 'long', 'size_t'])
const ioctl = libc.func('ioctl', 'int', ['int', 'ulong', 'long'])
const newEventfd = libc.func('eventfd', 'int', ['uint', 'int'])

/** Some pages of memory, behind which there is a page that nobody may touch. */
export class GuardedMemory {
  readonly #start: number
  readonly #size: number

  constructor(pages = 1) {
    this.#size = pages * PAGE
    const whole = this.#size + PAGE
    this.#start = mmap(0, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0)
    if (this.#start < 0) throw failed('mmap')
    this.#protect(this.#start + this.#size, PAGE, PROT_NONE)
  }

  /**
   * ioctl(2) with `bytes` at the very end of the memory. The reply is written over them.
   *
   * @param writable whether the kernel may write that reply
   * @returns the result or the negative errno
   */
  ioctl(fd: number, request: number, bytes: Uint8Array, writable = true): number {
    const at = this.#start + this.#size - bytes.length
    if (at < this.#start) throw new RangeError(`${bytes.length} bytes do not fit ${this.#size}`)
    copyIn(at, bytes, bytes.length)
    if (!writable) this.#protect(this.#start, this.#size, PROT_READ)
    const result = ioctl(fd, request, at)
    const errno = koffi.errno()
    if (!writable) this.#protect(this.#start, this.#size, PROT_READ | PROT_WRITE)
    copyOut(bytes, at, bytes.length)
    return result < 0 ? -errno : result
  }

  #protect(at: number, size: number, protection: number): void {
    if (mprotect(at, size, protection) !== 0) throw failed('mprotect')
  }
}

/** A new eventfd(2), which the caller closes. */
export function eventfd(): number {
  const fd = newEventfd(0, 0)
  if (fd < 0) throw failed('eventfd')
  return fd
}

function failed(call: string): Error {
  return new Error(`${call} failed with errno ${koffi.errno()}`)
}
