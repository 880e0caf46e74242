import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../abi/hex.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import {
  CONTROL,
  HEADER,
  openDevice,
  openMock,
  peek,
  poke,
  send,
  TABLE,
  tagAt,
} from './raw-device.ts'

const IN_CAPABILITY = '0000:81:00.0'
const IN_MSIX = '0000:82:00.0'
const RESET = 0x3b6f

/** SETs of entries 0 and 1: CPUs 1 and 2, and none of both. */
const SET_1_2 = '18000000 0e000200 00000000 0000 0200 01000000 02000000'
const SET_3_4 = '18000000 0e000200 00000000 0000 0200 03000000 04000000'
const TAGS_1_2 = '01010201'
const TAGS_3_4 = '03010401'
const IV = '01030000'
const DS = '02030000'
const NO_ST = '00030000'
const OFF = '00000000'

describe('the ST table in config space', () => {
  const steps = (...hexes: readonly string[]) => {
    const device = openDevice(IN_CAPABILITY)
    for (const hex of hexes) {
      if (hex.length === 8) poke(device, CONTROL, hex)
      else if (send(device, hex) !== 0) throw new Error(`SET failed: ${hex}`)
    }
    return peek(device, TABLE, 4)
  }

  it.each([
    ['gets tags by SET while IV mode is on', [IV, SET_1_2], TAGS_1_2],
    ['gets tags by SET while DS mode is on', [DS, SET_1_2], TAGS_1_2],
    ['gets kept tags when TPH goes on', [SET_1_2, IV], TAGS_1_2],
    ['gets none by SET while TPH is off', [SET_1_2], '00000000'],
    ['gets none in mode none', [SET_1_2, NO_ST, SET_3_4], '00000000'],
    ['gets none by SET after TPH went off', [IV, SET_1_2, OFF, SET_3_4], TAGS_1_2],
    [
      'gets what was set meanwhile when TPH goes on again',
      [IV, SET_1_2, OFF, SET_3_4, IV],
      TAGS_3_4,
    ],
    ['gets kept tags when mode none becomes another', [SET_1_2, NO_ST, DS], TAGS_1_2],
  ])('%s', (_what, hexes, table) => {
    expect(steps(...hexes)).toBe(table)
  })

  it('is written at the entry set and nowhere else', () => {
    const device = openDevice(IN_CAPABILITY)
    poke(device, CONTROL, IV)
    send(device, '14000000 0e000200 01000000 3f00 0100 0f000000')
    expect(peek(device, TABLE, 2 * 64 + 2)).toBe(`${'00'.repeat(126)}0f020000`)
  })
})

describe('the ST table in MSI-X table memory', () => {
  /** Every byte of the 2048 vectors is 0xaa. */
  const filledMock = () => {
    const statePath = join(temporaryDirectory(), 'state')
    const record = ['built-in', IN_MSIX, 'msix', 0, 'aa'.repeat(2048 * 16)]
    writeFileSync(statePath, `${HEADER}${JSON.stringify(record)}\n`)
    return openMock({ statePath })
  }

  it('has the tag of entry 2 at 16 × 2 + 14, other bytes of its vector untouched', () => {
    const mock = filledMock()
    const device = mock.borrow(IN_MSIX)
    poke(device, CONTROL, IV)
    expect(send(device, '14000000 0e000200 00000000 0200 0100 05000000')).toBe(0)
    const vector = mock.store.read(IN_MSIX, ({ msix }) => toHex(msix.subarray(32, 48)))
    expect(vector).toBe(`${'aa'.repeat(14)}0501`)
  })

  it('is left alone by SET while TPH is off', () => {
    const mock = filledMock()
    send(mock.borrow(IN_MSIX), SET_1_2)
    const start = mock.store.read(IN_MSIX, ({ msix }) => toHex(msix.subarray(0, 32)))
    expect(start).toBe('aa'.repeat(32))
  })
})

describe('VFIO_DEVICE_RESET', () => {
  it.each([IN_CAPABILITY, IN_MSIX])('turns TPH of %s off and keeps the tags', (bdf) => {
    const device = openDevice(bdf)
    poke(device, CONTROL, IV)
    send(device, SET_1_2)
    expect(device.ioctl(RESET, new Uint8Array(0))).toBe(0)
    expect(peek(device, CONTROL, 4)).toBe(OFF)
    expect([tagAt(device, 0), tagAt(device, 1)]).toEqual([0x101, 0x102])
  })

  it('lets the next enable write the kept tags again', () => {
    const device = openDevice(IN_CAPABILITY)
    poke(device, CONTROL, IV)
    send(device, SET_1_2)
    device.ioctl(RESET, new Uint8Array(0))
    expect(peek(device, TABLE, 4)).toBe('00000000')
    poke(device, CONTROL, IV)
    expect(peek(device, TABLE, 4)).toBe(TAGS_1_2)
  })

  it('of a device without TPH succeeds', () => {
    expect(openDevice('0000:84:00.0').ioctl(RESET, new Uint8Array(0))).toBe(0)
  })
})
