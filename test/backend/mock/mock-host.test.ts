import { describe, expect, it } from 'vitest'
import { buildConfig } from '../../pci/build-config.ts'
import { dumpedMock, peek, poke, send, tagAt } from './raw-device.ts'

const ENDPOINT = '0000:03:00.0'
const CONTROL = 0x108

const [ROOT_PORT, UPSTREAM, DOWNSTREAM, RC_ENDPOINT] = [4, 5, 6, 9]

/** An extended requester with 4 entries in its capability; type 0 is an endpoint. */
const endpoint = (type = 0) =>
  buildConfig({
    capabilities: [{ offset: 0xa0, id: 0x10, flags: 2 | (type << 4) }],
    extended: [{ offset: 0x100, id: 0x17, dwords: [0x00030307, 0] }],
  })

/** A port with that value of Device Capabilities 2 bits 13:12. */
const port = (type: number | undefined, secondaryBus: number, completer: number) => {
  const dwords = [0, 0, 0, 0, 0, 0, 0, 0, completer << 12]
  return buildConfig({
    headerType: 1,
    secondaryBus,
    capabilities: [{ offset: 0xa0, id: 0x10, flags: 2 | ((type ?? 0) << 4), dwords }],
  })
}

/** The control register after it was written with mode IV and extended TPH, and the tag of CPU 1. */
const enabled = (others: Readonly<Record<string, Uint8Array>>, device = endpoint()) => {
  const opened = dumpedMock({ ...others, [ENDPOINT]: device }).borrow(ENDPOINT)
  poke(opened, CONTROL, '01030000')
  send(opened, '14000000 0e000200 00000000 0000 0100 01000000')
  return [peek(opened, CONTROL, 4), tagAt(opened, 0)]
}

const EXTENDED = ['01030000', 0x101]
const TPH = ['01010000', 3]
const OFF = ['00000000', 3]

describe('the requester type is the smaller of device and root port:', () => {
  it.each([
    [3, EXTENDED],
    [1, TPH],
    [2, OFF],
    [0, OFF],
  ])('root port with completer %i', (completer, expected) => {
    expect(enabled({ '0000:00:01.0': port(ROOT_PORT, 3, completer) })).toEqual(expected)
  })

  it('root port two switch ports further up', () => {
    const ports = {
      '0000:00:01.0': port(ROOT_PORT, 1, 1),
      '0000:01:00.0': port(UPSTREAM, 2, 0),
      '0000:02:00.0': port(DOWNSTREAM, 3, 3),
    }
    expect(enabled(ports)).toEqual(TPH)
  })

  it('no root port in the dump: the device’s own', () => {
    expect(enabled({})).toEqual(EXTENDED)
  })

  it('a root port of another domain or another bus does not count', () => {
    const ports = {
      '0001:00:01.0': port(ROOT_PORT, 3, 0),
      '0000:00:02.0': port(ROOT_PORT, 4, 0),
    }
    expect(enabled(ports)).toEqual(EXTENDED)
  })

  it('an endpoint in the root complex: its own', () => {
    const ports = { '0000:00:01.0': port(ROOT_PORT, 3, 0) }
    expect(enabled(ports, endpoint(RC_ENDPOINT))).toEqual(EXTENDED)
  })

  it.each([
    ['a bridge to its own bus', { '0000:03:01.0': port(DOWNSTREAM, 3, 0) }],
    [
      'bridges in a circle',
      {
        '0000:01:00.0': port(DOWNSTREAM, 3, 0),
        '0000:03:01.0': port(DOWNSTREAM, 1, 0),
      },
    ],
  ])('%s: no root port', (_what, ports) => {
    expect(enabled(ports)).toEqual(EXTENDED)
  })
})
