import assert from 'node:assert/strict'
import { CallError } from '../../src/backend/types.ts'
import { assertHex, fromHex } from './bytes.ts'
import {
  assertControl,
  CAPABILITY_REGISTER,
  CONTROL,
  control,
  DS,
  DS_8_BIT,
  hardwareConfig,
  IV,
  NO_ST,
  OFF,
  peek,
  poke,
  TABLE,
  tphCapability,
  tphOffset,
} from './config.ts'
import { onDevice } from './feature.ts'
import type { Borrowed, ContractCase, Role, World } from './world.ts'

/** What is written to the register, which is 0 before, as OFFSET:BYTES from it on, one access each; and what it reads then. */
type Row = readonly [what: string, writes: string, value: string]

const EXTENDED: readonly Row[] = [
  ['4 bytes: IV', '0:01030000', IV],
  ['4 bytes: DS', '0:02030000', DS],
  ['4 bytes: no ST mode', '0:00030000', NO_ST],
  ['2 bytes', '0:0203', DS],
  ['a byte of mode, then one of requester', '0:01 1:03', IV],
  ['a byte of requester alone', '1:03', NO_ST],
  ['4 bytes that begin 1 before it', '-1:ff010300', IV],
  ['4 bytes that begin 2 before it', '-2:ffff0203', DS],
  ['3 bytes that begin at its second', '1:030000', NO_ST],
  ['8 bytes from the capability register on', '-4:ffffffff01030000', IV],
  ['8 bytes that end in the table', '0:02030000ffffffff', DS],
  ['8 bytes from the middle of it on', '2:0000ffffffffffff', OFF],
  ['7 unaligned bytes', '-3:ffffff01030000', IV],
  ['16 bytes over all of the capability', '-8:ffffffffffffffff01030000ffffffff', IV],
  ['TPH where the kernel has extended TPH', '0:01010000', IV],
  ['the reserved requester 2', '0:01020000', IV],
  ['a mode without a requester, which is kept', '0:01000000', '01000000'],
  ['a mode, then the requester by a byte', '0:01000000 1:03', IV],
  ['the byte behind it', '4:ff', OFF],
  ['the byte before it', '-1:ff', OFF],
  ['off by 4 bytes', '0:01030000 0:00000000', OFF],
  ['off by its requester byte, the mode kept', '0:02030000 1:00', '02000000'],
  ['off and on again by its requester byte', '0:02030000 1:00 1:03', DS],
  ['IV, then DS', '0:01030000 0:02030000', DS],
  ['DS, then IV by a byte', '0:02030000 0:01', IV],
  ['IV, then no ST mode', '0:01030000 0:00030000', NO_ST],
  ['IV twice', '0:01030000 0:01030000', IV],
  ['the reserved mode 3 while off', '0:03030000', OFF],
  ['the reserved mode 7 while off', '0:07000000', OFF],
  ['the reserved mode 3 while on', '0:01030000 0:03030000', IV],
  ['the reserved mode 4 by a byte while on', '0:02030000 0:04', DS],
]

const EIGHT_BIT: readonly Row[] = [
  ['DS with 8-bit tags', '0:02010000', DS_8_BIT],
  ['extended TPH, which it cannot', '0:02030000', DS_8_BIT],
  ['IV, which it lacks', '0:01010000', OFF],
  ['IV without a requester', '0:01000000', OFF],
  ['IV where DS is on', '0:02010000 0:01010000', DS_8_BIT],
  ['no ST mode', '0:00010000', '00010000'],
]

const CAPABILITY_REGISTERS = {
  capability: '07033f00',
  msix: '0705ff07',
  tableless: '05000000',
} as const

/** The TPH Requester capability in config space, and what writing it does. */
export const controlCases: readonly ContractCase[] = [
  ...(['capability', 'msix', 'tableless'] as const).map((role) =>
    on(role, `the capability says what the device can (${role})`, (dev) => {
      assertHex(fromHex(peek(dev, 0, 2)), '1700', 'capability id')
      const expected = CAPABILITY_REGISTERS[role]
      assertHex(fromHex(peek(dev, CAPABILITY_REGISTER, 4)), expected, 'capability register')
      assertControl(dev, OFF)
    }),
  ),
  on('plain', 'the device without TPH has no capability', (dev) => {
    assert.throws(() => tphCapability(dev), assert.AssertionError)
  }),
  on('capability', 'the control register of an extended requester', (dev) => {
    assertRows(dev, EXTENDED)
  }),
  on('msix', 'the control register of the device with the table in MSI-X', (dev) => {
    assertRows(dev, EXTENDED.slice(0, 6))
  }),
  on('tableless', 'the control register of an 8-bit requester', (dev) => {
    assertRows(dev, EIGHT_BIT)
  }),
  on('capability', 'the hardware is on when the register says so', (dev, world) => {
    const hardware = () => {
      const at = tphOffset(dev) + CONTROL
      return hardwareConfig(world, 'capability').subarray(at, at + 4)
    }
    control(dev, DS)
    assertHex(hardware(), DS, "hardware's control register")
    control(dev, IV)
    assertHex(hardware(), IV, "hardware's control register")
    control(dev, OFF)
    assertHex(hardware(), OFF, "hardware's control register")
  }),
  on('capability', 'reads of any width and alignment', (dev) => {
    control(dev, IV)
    const reads = (
      [
        [-4, 12],
        [0, 1],
        [1, 1],
        [1, 3],
        [-1, 2],
        [3, 2],
        [2, 7],
      ] as const
    ).map(([at, length]) => peek(dev, CONTROL + at, length))
    const expected = [
      '07033f000103000000000000',
      '01',
      '03',
      '030000',
      '0001',
      '0000',
      '0'.repeat(14),
    ]
    assert.deepEqual(reads, expected)
  }),
  on('capability', 'capability register and ST table cannot be written', (dev) => {
    for (const hex of ['ff', 'ffff', 'ffffffff']) {
      poke(dev, 0, hex)
      poke(dev, CAPABILITY_REGISTER, hex)
      poke(dev, CAPABILITY_REGISTER + 2, hex.slice(0, 4))
      poke(dev, TABLE, hex)
      poke(dev, TABLE + 2 * 63, hex.slice(0, 4))
    }
    assertHex(fromHex(peek(dev, 0, 2)), '1700', 'capability id')
    assertHex(fromHex(peek(dev, CAPABILITY_REGISTER, 4)), '07033f00', 'capability register')
    assertHex(fromHex(peek(dev, TABLE, 128)), '00'.repeat(128), 'ST table')
    control(dev, IV)
    poke(dev, TABLE, 'ffffffff')
    assertHex(fromHex(peek(dev, TABLE, 4)), '00000000', 'ST table while TPH is on')
  }),
  on('capability', 'config space ends after 4096 bytes', ({ device }) => {
    assert.equal(device.readConfig(4094, 4).length, 2)
    assert.equal(device.readConfig(4096, 4).length, 0)
    const beyond = new CallError('write', 22)
    assert.throws(() => device.writeConfig(4093, fromHex('ffffffff')), beyond)
    assert.throws(() => device.writeConfig(4096, fromHex('ff')), beyond)
  }),
]

function on(role: Role, name: string, use: (dev: Borrowed, world: World) => void): ContractCase {
  return { name, roles: [role], run: (world) => onDevice(world, role, (dev) => use(dev, world)) }
}

/** Runs every row from a register of 0 and asserts all values at once. */
function assertRows(dev: Borrowed, rows: readonly Row[]): void {
  const at = tphOffset(dev) + CONTROL
  const actual = rows.map(([what, writes]) => {
    dev.device.writeConfig(at, fromHex(OFF))
    for (const write of writes.split(' ')) {
      const [offset, hex = ''] = write.split(':')
      dev.device.writeConfig(at + Number(offset), fromHex(hex))
    }
    return `0x${peek(dev, CONTROL, 4)} after ${what}`
  })
  const expected = rows.map(([what, , value]) => `0x${value} after ${what}`)
  assert.deepEqual(actual, expected)
}
