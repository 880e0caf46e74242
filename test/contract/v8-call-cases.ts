import { assertAnswers, assertResult, fromHex, type Row } from './bytes.ts'
import { assertControl, control, DS, DS_8_BIT, IV, OFF } from './config.ts'
import { FEATURE, resetDevice } from './feature.ts'
import { assertReply, DISABLE, ENABLE_DS, ENABLE_IV, mustCall, on, PCI_TPH } from './v8.ts'
import type { ContractCase } from './world.ts'

/** What is refused before anything is looked at, while TPH is off. */
const MALFORMED: readonly Row[] = [
  ['no argument', '', 'EFAULT'],
  ['half a header', '10000000', 'EFAULT'],
  ['an argsz of 7', '07000000 00000000', 'EINVAL'],
  ['an unknown operation', '10000000 05000000 0000000000000000', 'EINVAL'],
  ['GET_CAP without room', '08000000 00000000', 'EINVAL'],
  ['GET_CAP with an argsz of 15', '0f000000 00000000 0000000000000000', 'EINVAL'],
  ['GET_CAP with a bad pointer', '10000000 00000000', 'EFAULT'],
  ['ENABLE with an argsz of 15', '0f000000 01000000 01 00000000000000', 'EINVAL'],
  ['ENABLE with a bad pointer', '10000000 01000000', 'EFAULT'],
  ['ENABLE of no mode', '10000000 01000000 00 00000000000000', 'EINVAL'],
  ['ENABLE of both modes', '10000000 01000000 03 00000000000000', 'EINVAL'],
  ['ENABLE of a mode that is none', '10000000 01000000 04 00000000000000', 'EINVAL'],
  ['ENABLE with a reserved byte', '10000000 01000000 01 01000000000000', 'EINVAL'],
  ['ENABLE with the last reserved byte', '10000000 01000000 01 00000000000001', 'EINVAL'],
  ['DISABLE of what is off', DISABLE, 'ok'],
  ['DISABLE by its header alone', '08000000 02000000', 'ok'],
  ['SET_ST without a count', '08000000 04000000', 'EINVAL'],
  ['SET_ST with a bad pointer', '10000000 04000000', 'EFAULT'],
  ['SET_ST of no entry', '10000000 04000000 00000000 00000000', 'EINVAL'],
  ['SET_ST of 2049', '10600000 04000000 01080000 00000000', 'EINVAL'],
  [
    'SET_ST with reserved set',
    '1c000000 04000000 01000000 01000000 00000000 00 00 0000 0000 0000',
    'EINVAL',
  ],
  [
    'SET_ST with an argsz too small',
    '1b000000 04000000 01000000 00000000 00000000 00 00 0000 0000 0000',
    'EINVAL',
  ],
  ['SET_ST of an entry that is not there', '1c000000 04000000 01000000 00000000', 'EFAULT'],
  ['SET_ST of half of an entry', '1c000000 04000000 01000000 00000000 00000000 0000', 'EFAULT'],
  [
    'SET_ST while TPH is off',
    '1c000000 04000000 01000000 00000000 00000000 00 00 0000 0000 0000',
    'EINVAL',
  ],
  ['GET_ST of no entry', '10000000 03000000 00000000 00000000', 'EINVAL'],
  ['GET_ST of an entry that is not there', '1c000000 03000000 01000000 00000000', 'EFAULT'],
  [
    'GET_ST while TPH is off',
    '1c000000 03000000 01000000 00000000 00000000 00 00 0000 0000 0000',
    'EINVAL',
  ],
]

/** What is wrong with an entry, while TPH is on. */
const WRONG_ENTRIES: readonly Row[] = [
  [
    'a memory type of 2',
    '1c000000 04000000 01000000 00000000 00000000 02 00 0000 0000 0000',
    'EINVAL',
  ],
  [
    'a reserved byte',
    '1c000000 04000000 01000000 00000000 00000000 00 01 0000 0000 0000',
    'EINVAL',
  ],
  [
    'reserved bytes at its end',
    '1c000000 04000000 01000000 00000000 00000000 00 00 0000 0000 0100',
    'EINVAL',
  ],
  [
    'an index beyond the table',
    '1c000000 04000000 01000000 00000000 00000000 00 00 4000 0000 0000',
    'EINVAL',
  ],
  [
    'the highest index',
    '1c000000 04000000 01000000 00000000 00000000 00 00 ffff 0000 0000',
    'EINVAL',
  ],
  [
    'a CPU that is not possible',
    '1c000000 04000000 01000000 00000000 00000100 00 00 0000 0000 0000',
    'EINVAL',
  ],
  [
    'a tag, which is not looked at',
    '1c000000 04000000 01000000 00000000 00000000 00 00 0000 ffff 0000',
    'ok',
  ],
]

/** VFIO_DEVICE_PCI_TPH: its form, what the device can, on and off. */
export const v8CallCases: readonly ContractCase[] = [
  on('capability', 'malformed calls', (dev) => {
    assertAnswers(MALFORMED, (bytes) => dev.ioctlAtEdge(PCI_TPH, bytes))
    assertControl(dev, OFF)
  }),
  on('capability', 'entries that are wrong', (dev) => {
    mustCall(dev, ENABLE_IV)
    assertAnswers(WRONG_ENTRIES, (bytes) => dev.ioctlAtEdge(PCI_TPH, bytes))
    assertControl(dev, IV)
  }),
  on('capability', 'TPH_ST is not there, nor another ioctl', ({ device }) => {
    const probe = (flags: string) => device.ioctl(FEATURE, fromHex(`08000000 ${flags}`))
    assertResult(probe('0e000500'), 'ENOTTY', 'PROBE GET')
    assertResult(probe('0e000600'), 'ENOTTY', 'PROBE SET')
    assertResult(device.ioctl(PCI_TPH + 1, fromHex(DISABLE)), 'ENOTTY', 'the next ioctl')
  }),
  on('capability', 'GET_CAP of a table in the capability', (dev) => {
    const sent = '10000000 00000000 ff ff ffff ffffffff'
    assertReply(dev, sent, '10000000 00000000 03 00 4000 00000000')
  }),
  on('msix', 'GET_CAP of a table in MSI-X, into a larger buffer', (dev) => {
    const sent = '14000000 00000000 ff ff ffff ffffffff eeeeeeee'
    assertReply(dev, sent, '14000000 00000000 03 00 0008 00000000 eeeeeeee')
  }),
  on('tableless', 'GET_CAP of a device with DS mode and no table', (dev) => {
    const sent = '10000000 00000000 ff ff ffff ffffffff'
    assertReply(dev, sent, '10000000 00000000 02 00 0000 00000000')
  }),
  on('plain', 'a device without TPH', (dev) => {
    const rows: readonly Row[] = [
      ['GET_CAP', '10000000 00000000 0000000000000000', 'EINVAL'],
      ['ENABLE', ENABLE_IV, 'EINVAL'],
      ['DISABLE', DISABLE, 'EINVAL'],
    ]
    assertAnswers(rows, (bytes) => dev.ioctlAtEdge(PCI_TPH, bytes))
  }),
  on('capability', 'on, in another mode and off', (dev) => {
    mustCall(dev, ENABLE_IV)
    assertControl(dev, IV)
    for (const hex of [ENABLE_IV, ENABLE_DS]) {
      assertResult(dev.device.ioctl(PCI_TPH, fromHex(hex)), 'EBUSY', `${hex} of what is on`)
    }
    assertControl(dev, IV)
    mustCall(dev, DISABLE)
    assertControl(dev, OFF)
    mustCall(dev, ENABLE_DS)
    assertControl(dev, DS)
    mustCall(dev, DISABLE)
    mustCall(dev, DISABLE)
    assertControl(dev, OFF)
  }),
  on('tableless', 'a mode that the device lacks', (dev) => {
    assertResult(dev.device.ioctl(PCI_TPH, fromHex(ENABLE_IV)), 'EOPNOTSUPP', 'ENABLE iv')
    assertControl(dev, OFF)
    mustCall(dev, ENABLE_DS)
    assertControl(dev, DS_8_BIT)
  }),
  on('capability', 'the control register in config space cannot be written', (dev) => {
    control(dev, IV)
    assertControl(dev, OFF)
    mustCall(dev, ENABLE_DS)
    control(dev, IV)
    assertControl(dev, DS)
    control(dev, OFF)
    assertControl(dev, DS)
  }),
  on('capability', 'a reset turns TPH off', (dev) => {
    mustCall(dev, ENABLE_IV)
    resetDevice(dev)
    assertControl(dev, OFF)
    mustCall(dev, ENABLE_DS)
    assertControl(dev, DS)
  }),
]
