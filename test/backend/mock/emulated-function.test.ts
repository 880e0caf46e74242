import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { buildConfig } from '../../pci/build-config.ts'
import { fixtureText, haveFixtures } from '../../pci/fixtures.ts'
import { dumpedMock, dumpFile, openMock, peek, poke, reply, send, tagAt } from './raw-device.ts'

const BDF = '0000:01:00.0'
const EXPRESS = { offset: 0xa0, id: 0x10, flags: 0x0002 }
const CONTROL = 0x108

/** A device with 4 entries in its capability at 0x100: IV and DS, extended. */
const inCapability = (control: number, table: readonly number[]) =>
  buildConfig({
    capabilities: [EXPRESS],
    extended: [{ offset: 0x100, id: 0x17, dwords: [0x00030307, control, ...table] }],
  })

/** A device with 4 MSI-X vectors that have its table. */
const inMsix = (messageControl: number) =>
  buildConfig({
    capabilities: [EXPRESS, { offset: 0x70, id: 0x11, flags: messageControl }],
    extended: [{ offset: 0x100, id: 0x17, dwords: [0x00030507, 0] }],
  })

const SET_CPU_1 = '14000000 0e000200 00000000 0100 0100 01000000'

describe('a device dumped with TPH enabled', () => {
  it('starts enabled, with the tags of its table', () => {
    const device = dumpedMock({ [BDF]: inCapability(0x301, [0x00ab0000, 0x12340000]) }).borrow(BDF)
    expect(peek(device, CONTROL, 4)).toBe('01030000')
    expect(reply(device, `20000000 0e000100 00000000 0000 0400 ${'ff'.repeat(16)}`)).toBe(
      `200000000e0001000000000000000400${'00000000ab0000000000000034120000'}`,
    )
  })

  it('takes SETs into its table', () => {
    const device = dumpedMock({ [BDF]: inCapability(0x301, [0x00ab0000, 0]) }).borrow(BDF)
    send(device, SET_CPU_1)
    expect(peek(device, 0x10c, 4)).toBe('00000101')
  })

  it.skipIf(!haveFixtures)('is what a real DSA was (needs the dumps)', () => {
    const hostFile = join(temporaryDirectory(), 'dsa.lspci')
    writeFileSync(hostFile, fixtureText('intel-dsa-0b25'), 'latin1')
    const mock = openMock({ hostFile })
    const device = mock.borrow(mock.functions()[0]?.bdf ?? '')
    expect(peek(device, 0x168, 4)).toBe('02010000')
    expect([tagAt(device, 0), tagAt(device, 1)]).toEqual([0, 0x000a])
    expect(send(device, '14000000 0e000100 00000000 0200 0100 00000000')).toBe(-22)
  })
})

describe('a device dumped with TPH disabled', () => {
  it('starts with no tag kept, whatever its table holds', () => {
    const device = dumpedMock({ [BDF]: inCapability(0, [0x00ab0000, 0]) }).borrow(BDF)
    expect(tagAt(device, 1)).toBe(0)
  })
})

describe('a table in MSI-X', () => {
  const msixOf = (messageControl: number) => {
    const mock = dumpedMock({ [BDF]: inMsix(messageControl) })
    const device = mock.borrow(BDF)
    poke(device, CONTROL, '01030000')
    send(device, SET_CPU_1)
    return { device, mock }
  }
  const tagBytes = ({ mock }: ReturnType<typeof msixOf>) =>
    mock.store.read(BDF, ({ msix }) => [...msix.subarray(30, 32)])

  it('gets tags while MSI-X is on', () => {
    expect(tagBytes(msixOf(0x8003))).toEqual([0x01, 0x01])
  })

  it('gets none while MSI-X is off in the dump, and the kernel keeps them', () => {
    const off = msixOf(0x0003)
    expect(tagBytes(off)).toEqual([0, 0])
    expect(tagAt(off.device, 1)).toBe(0x101)
  })
})

describe('a dump that ends inside the TPH capability', () => {
  it.each([0x108, 0x10a])('opens, its device being without TPH_ST (%i bytes)', (length) => {
    const mock = dumpedMock({ [BDF]: inCapability(0x301, []).slice(0, length) })
    expect(send(mock.borrow(BDF), '08000000 0e000400')).toBe(-25)
  })
})

describe('hosts of different dumps', () => {
  it('share a state file and do not mix', () => {
    const statePath = join(temporaryDirectory(), 'state')
    const [one, other] = [inCapability(0, []), inCapability(0x301, [0, 0])]
    const open = (config: Uint8Array) =>
      openMock({ statePath, hostFile: dumpFile({ [BDF]: config }) }).borrow(BDF)
    send(open(one), SET_CPU_1)
    expect(tagAt(open(other), 1)).toBe(0)
    expect(tagAt(open(one), 1)).toBe(0x101)
  })
})
