import { describe, expect, it } from 'vitest'
import { Faults } from '../../../src/backend/mock/faults.ts'
import { UsageError } from '../../../src/errors.ts'
import { openMock, poke, send, tagAt } from './raw-device.ts'

const BDF = '0000:81:00.0'
const SET = '14000000 0e000200 00000000 0000 0100 01000000'
const GET = '14000000 0e000100 00000000 0000 0100 00000000'
const PROBE = '08000000 0e000700'

describe('Faults', () => {
  it.each([
    ['', [0, 0, 0]],
    ['set=EIO', [5, 0, 0]],
    ['set:1=EIO', [5, 0, 0]],
    ['set:2=EIO', [0, 5, 0]],
    ['set:*=EBUSY', [16, 16, 16]],
    ['set:3=EIO,set:1=EINVAL', [22, 0, 5]],
    ['get:1=EIO', [0, 0, 0]],
  ])('%s makes these calls fail: %j', (text, errnos) => {
    const faults = new Faults(text)
    expect([1, 2, 3].map(() => faults.next('set'))).toEqual(errnos)
  })

  it('counts each call of its own', () => {
    const faults = new Faults('get:2=EIO')
    expect(['get', 'set', 'probe', 'get'].map((call) => faults.next(call as 'get'))).toEqual([
      0, 0, 0, 5,
    ])
  })

  it.each([
    'set',
    'set=',
    '=EIO',
    'sets=EIO',
    'SET=EIO',
    'set:0=EIO',
    'set:01=EIO',
    'set:-1=EIO',
    'set:1.5=EIO',
    'set:1000000000=EIO',
    'set:1=5',
    'set:1=EWHAT',
    'set:1=eio',
    'set:1=EIO,',
    ' set:1=EIO',
    'set:1=EIO;get:1=EIO',
  ])('rejects %s', (text) => {
    expect(() => new Faults(text)).toThrow(UsageError)
    expect(() => new Faults(text)).toThrow('TPHCTL_MOCK_FAULTS')
  })
})

describe('a mock with faults', () => {
  it.each([
    ['probe', PROBE],
    ['get', GET],
    ['set', SET],
  ])('fails the second %s alone', (call, hex) => {
    const device = openMock({ faults: `${call}:2=EIO` }).borrow(BDF)
    expect([send(device, hex), send(device, hex), send(device, hex)]).toEqual([0, -5, 0])
  })

  it('fails VFIO_DEVICE_RESET by its name, other ioctls as ioctl', () => {
    const device = openMock({ faults: 'reset=EPERM,ioctl=EACCES' }).borrow(BDF)
    expect(device.ioctl(0x3b6f, new Uint8Array(0))).toBe(-1)
    expect(send(device, `10000000${'00'.repeat(12)}`, 0x3b6b)).toBe(-13)
  })

  it('changes nothing in a SET or a write that fails', () => {
    const device = openMock({ faults: 'set=EIO,write=EIO' }).borrow(BDF)
    expect(send(device, SET)).toBe(-5)
    expect(() => poke(device, 0x3c, '0b')).toThrow(/errno 5/)
    expect(tagAt(device, 0)).toBe(0)
    expect(device.readConfig(0x3c, 1)[0]).toBe(0)
  })

  it('fails read and open', () => {
    const mock = openMock({ faults: 'read=EIO,open:2=EBUSY' })
    expect(() => mock.borrow(BDF).readConfig(0, 4)).toThrow(/errno 5/)
    expect(() => mock.borrow(BDF)).toThrow(/errno 16/)
  })

  it('counts on over devices and over fds', () => {
    const mock = openMock({ faults: 'get:2=EIO' })
    expect(send(mock.borrow(BDF), GET)).toBe(0)
    expect(send(mock.borrow('0000:82:00.0'), GET)).toBe(-5)
  })
})
