import { closeSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Libc, LOCK_EX, LOCK_NB, LOCK_UN } from '../../native-shims/libc.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { describeBindings } from './bindings.ts'
import { countDescriptors, NOT_OPEN, open, openPipe } from './descriptors.ts'

const EBADF = 9
const EFAULT = 14
const ENOTTY = 25
const FIONREAD = 0x541b
const FIONBIO = 0x5421
const TIOCGPTN = 0x8004_5430
const VFIO_DEVICE_FEATURE = 0x3b75
const O_NONBLOCK = 0o4000

function u32(bytes: Uint8Array, offset = 0): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true)
}

function feature(argsz: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, argsz, true)
  return bytes
}

/** The open file's flags, as open(2) has them. */
function flagsOf(fd: number): number {
  const line = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))
  return Number.parseInt(line?.[1] ?? '', 8)
}

function mappingsOf(path: string): number {
  return readFileSync('/proc/self/maps', 'utf8').split(path).length - 1
}

/** Every call, one that succeeds and one that fails. */
function callEach(libc: Libc, file: number, pipe: number): void {
  libc.ioctl(pipe, FIONREAD, new Uint8Array(4))
  libc.ioctl(NOT_OPEN, FIONREAD, new Uint8Array(4))
  const pidfd = libc.pidfdOpen(process.pid)
  closeSync(libc.pidfdGetfd(pidfd, pipe))
  libc.pidfdGetfd(pidfd, NOT_OPEN)
  closeSync(pidfd)
  libc.flock(file, LOCK_EX | LOCK_NB)
  libc.flock(file, LOCK_UN)
  libc.readMapped(file, 4092, 8)
  libc.readMapped(pipe, 0, 4)
  libc.sendDatagram('/nowhere/at/all', 'x')
}

describeBindings('ioctl()', (libc) => {
  it.each([0, 1, 5, 4096])('brings back that a pipe holds %i bytes', (count) => {
    const pipe = openPipe()
    if (count > 0) writeSync(pipe, new Uint8Array(count))
    const reply = new Uint8Array(4).fill(0xff)
    expect(libc.ioctl(pipe, FIONREAD, reply)).toBe(0)
    expect(u32(reply)).toBe(count)
  })

  it.each([
    ['small array', () => new Uint8Array(16)],
    ['large array', () => new Uint8Array(100_000)],
    ['Buffer of the pool', () => Buffer.from('x'.repeat(16))],
  ])('writes at the byteOffset of a view of a %s and nowhere else', (_, make) => {
    const pipe = openPipe()
    writeSync(pipe, 'abc')
    const all = make().fill(0xee)
    expect(libc.ioctl(pipe, FIONREAD, all.subarray(8, 12))).toBe(0)
    expect(u32(all, 8)).toBe(3)
    expect([...all.subarray(0, 8), ...all.subarray(12, 16)]).toEqual(Array(12).fill(0xee))
  })

  it('reads the argument', () => {
    const pipe = openPipe()
    expect(libc.ioctl(pipe, FIONBIO, Uint8Array.of(1, 0, 0, 0))).toBe(0)
    expect(flagsOf(pipe) & O_NONBLOCK).toBe(O_NONBLOCK)
    expect(libc.ioctl(pipe, FIONBIO, new Uint8Array(4))).toBe(0)
    expect(flagsOf(pipe) & O_NONBLOCK).toBe(0)
  })

  it.each([TIOCGPTN, TIOCGPTN | 0])('passes request %i with bit 31 as it is', (request) => {
    const terminal = open('/dev/ptmx', 'r+')
    const reply = new Uint8Array(4).fill(0xff)
    expect(libc.ioctl(terminal, request, reply)).toBe(0)
    expect(u32(reply)).toBeLessThan(0x10_0000)
  })

  it('returns -ENOTTY from /dev/null', () => {
    expect(libc.ioctl(open('/dev/null'), FIONREAD, new Uint8Array(4))).toBe(-ENOTTY)
    expect(libc.ioctl(open('/dev/null'), VFIO_DEVICE_FEATURE, feature(8, 8))).toBe(-ENOTTY)
  })

  it.each([NOT_OPEN, -1])('returns -EBADF for descriptor %i', (fd) => {
    expect(libc.ioctl(fd, FIONREAD, new Uint8Array(4))).toBe(-EBADF)
  })

  it('takes an empty argument for a request without one', () => {
    expect(libc.ioctl(open('/dev/null'), 0x3b6f, new Uint8Array(0))).toBe(-ENOTTY)
  })

  it('refuses an argsz beyond the argument before any call', () => {
    // The kernel would answer a closed descriptor with EBADF.
    const call = () => libc.ioctl(NOT_OPEN, VFIO_DEVICE_FEATURE, feature(9, 8))
    expect(call).toThrow(new RangeError('Cannot issue ioctl: argsz is 9, the argument has 8 bytes'))
    expect(libc.ioctl(NOT_OPEN, VFIO_DEVICE_FEATURE, feature(8, 8))).toBe(-EBADF)
  })

  it('minds the argsz of VFIO requests only', () => {
    expect(libc.ioctl(open('/dev/null'), FIONREAD, feature(9, 8))).toBe(-ENOTTY)
  })

  it('keeps no errno across a success', () => {
    const pipe = openPipe()
    expect(libc.ioctl(NOT_OPEN, FIONREAD, new Uint8Array(4))).toBe(-EBADF)
    expect(libc.ioctl(pipe, FIONREAD, new Uint8Array(4))).toBe(0)
    expect(libc.ioctl(open('/dev/null'), FIONREAD, new Uint8Array(4))).toBe(-ENOTTY)
    expect(libc.ioctl(pipe, FIONREAD, new Uint8Array(4))).toBe(0)
  })
})

describeBindings('ioctlValue()', (libc) => {
  it('passes a number in place of the pointer', () => {
    // 0 and 1 are no addresses: a request that wants a pointer says so, one that takes a value does not.
    expect(libc.ioctlValue(openPipe(), FIONREAD, 0)).toBe(-EFAULT)
    expect(libc.ioctlValue(openPipe(), FIONREAD, 1)).toBe(-EFAULT)
    const terminal = open('/dev/ptmx', 'r+')
    const unlock = new Uint8Array(4)
    const TIOCSPTLCK = 0x4004_5431
    expect(libc.ioctl(terminal, TIOCSPTLCK, unlock)).toBe(0)
    const TIOCGPTPEER = 0x5441
    const peer = libc.ioctlValue(terminal, TIOCGPTPEER, 0o2 | 0o400) // O_RDWR | O_NOCTTY
    expect(peer).toBeGreaterThan(2)
    closeSync(peer)
  })

  it('returns the negative errno', () => {
    expect(libc.ioctlValue(NOT_OPEN, 0x3b66, 3)).toBe(-EBADF)
    expect(libc.ioctlValue(open('/dev/null'), 0x3b66, 3)).toBe(-ENOTTY)
  })
})

describeBindings('Libc', (libc) => {
  it('leaks no descriptor and no mapping over 1000 calls of each kind', () => {
    const path = join(temporaryDirectory(), 'file')
    writeFileSync(path, new Uint8Array(8192))
    const file = open(path)
    const pipe = openPipe()
    callEach(libc, file, pipe)
    const descriptors = countDescriptors()
    const mappings = mappingsOf(path)
    for (let i = 0; i < 1000; i++) callEach(libc, file, pipe)
    expect(countDescriptors()).toBe(descriptors)
    expect(mappingsOf(path)).toBe(mappings)
    expect(mappings).toBe(0)
  })
})
