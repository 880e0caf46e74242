import { describe, expect, it } from 'vitest'
import { bindLibc } from '../../native-shims/bind-libc.ts'
import type { Binding, CValue } from '../../native-shims/binding.ts'
import { type Libc, LOCK_EX } from '../../native-shims/libc.ts'
import { toHex } from '../abi/hex.ts'

const EINTR = 4
const EIO = 5
const EMFILE = 24
const PAGE = 4096

/** A binding that answers from a list of [function, result, errno] and keeps what was called. */
function scripted(answers: readonly (readonly [string, number, number?])[]) {
  const calls: (readonly [string, ...CValue[]])[] = []
  let at = 0
  let errno = 0
  const binding: Binding = {
    name: 'koffi',
    bind: (symbol) => (symbol === 'getpagesize' ? () => PAGE : (...values) => call(symbol, values)),
    errno: () => errno,
    loadWords: (address, words) => {
      words.fill(address)
    },
  }
  function call(symbol: string, values: readonly CValue[]): number {
    calls.push([symbol, ...values])
    const [expected, result, error = 0] = answers[at++] ?? ['nothing', -1]
    expect(symbol).toBe(expected)
    errno = error
    return result
  }
  return { libc: bindLibc(binding), calls, names: () => calls.map(([symbol]) => symbol) }
}

describe('bindLibc()', () => {
  it.each<[string, (libc: Libc) => number]>([
    ['ioctl', (libc) => libc.ioctl(3, 0x541b, new Uint8Array(4))],
    ['ioctl', (libc) => libc.ioctlValue(3, 0x3b66, 1)],
    ['syscall', (libc) => libc.pidfdOpen(1)],
    ['syscall', (libc) => libc.pidfdGetfd(3, 1)],
    ['flock', (libc) => libc.flock(3, LOCK_EX)],
  ])('makes an interrupted %s again', (symbol, call) => {
    const { libc, calls } = scripted([
      [symbol, -1, EINTR],
      [symbol, -1, EINTR],
      [symbol, 7],
    ])
    expect(call(libc)).toBe(7)
    expect(calls).toHaveLength(3)
    expect(calls[2]).toEqual(calls[0])
  })

  it('passes a request as unsigned', () => {
    const { libc, calls } = scripted([
      ['ioctl', 0],
      ['ioctl', 0],
    ])
    const argument = new Uint8Array(4)
    libc.ioctl(3, 0x8004_5430 | 0, argument)
    libc.ioctlValue(3, 0x8004_5430 | 0, 1)
    expect(calls).toEqual([
      ['ioctl', 3, 0x8004_5430, argument],
      ['ioctl', 3, 0x8004_5430, 1],
    ])
  })

  it.each([
    ['/run/x', '01002f72756e2f7800'],
    ['@x', '01000078'],
    ['@', '010000'],
    ['', '010000'],
  ])('makes an address of "%s"', (path, hex) => {
    const { libc, calls } = scripted([
      ['socket', 5],
      ['sendto', 2],
      ['close', 0],
    ])
    libc.sendDatagram(path, 'hi')
    const [, fd, text, length, , address, addressLength] = calls[1] ?? []
    expect([fd, length, addressLength]).toEqual([5, 2, hex.length / 2])
    expect(toHex(text as Uint8Array)).toBe('6869')
    expect(toHex(address as Uint8Array)).toBe(hex)
  })

  it('sends an interrupted datagram again, through the same socket, and closes it', () => {
    const { libc, names } = scripted([
      ['socket', 5],
      ['sendto', -1, EINTR],
      ['sendto', 1],
      ['close', 0],
    ])
    expect(libc.sendDatagram('/socket', 'x')).toBe(1)
    expect(names()).toEqual(['socket', 'sendto', 'sendto', 'close'])
  })

  it("keeps sendto's errno when close changes it", () => {
    const { libc } = scripted([
      ['socket', 5],
      ['sendto', -1, 111],
      ['close', -1, EINTR],
    ])
    expect(libc.sendDatagram('/socket', 'x')).toBe(-111)
  })

  it('returns the errno of socket, closing nothing', () => {
    const { libc, names } = scripted([['socket', -1, EMFILE]])
    expect(libc.sendDatagram('/socket', 'x')).toBe(-EMFILE)
    expect(names()).toEqual(['socket'])
  })

  it('takes no failure for a success where errno says nothing', () => {
    const { libc } = scripted([['flock', -1, 0]])
    expect(libc.flock(3, LOCK_EX)).toBe(-EIO)
  })

  it('maps whole pages and unmaps what it mapped', () => {
    const { libc, calls } = scripted([
      ['mmap', 0x7f00_0000_0000],
      ['munmap', 0],
    ])
    libc.readMapped(3, 2 * PAGE + 8, 4)
    expect(calls).toEqual([
      ['mmap', 0, 12, 1, 1, 3, 2 * PAGE],
      ['munmap', 0x7f00_0000_0000, 12],
    ])
  })
})
