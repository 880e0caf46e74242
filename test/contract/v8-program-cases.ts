import { assertControl, assertTable, IV, msixTags, OFF } from './config.ts'
import { assertSameTags, onDevice } from './feature.ts'
import { allocateVectors, freeVectors } from './irqs.ts'
import { assertStep, calls, type Step } from './program.ts'
import { ENABLE_IV, mustCall, mustSetSt } from './v8.ts'
import type { ContractCase } from './world.ts'

const PASSED =
  'not TPH_ST as feature 14: PROBE GET says ENOTTY, the kernel has no TPH_ST feature for this device'
const HOW = `GET_CAP, which agrees with the capability in config space; ${PASSED}`
const NO_GET =
  "tphctl: note: {capability}: pci-tph-v8 has no call that reads entries: these are of the device's own table, their CPUs of tphctl's ledger"
const WANTED =
  '{"version": 1, "devices": [{"device": "{capability}", "mode": "iv", "entries": ["0-1=2-3"]}]}\n'

/** The commands where VFIO_DEVICE_PCI_TPH is the kernel's interface. */
export const v8ProgramCases: readonly ContractCase[] = [
  calls(
    'probe says which interface it is, and how',
    ['capability', 'tableless'],
    [
      {
        call: 'probe {capability} --json -q',
        out: {
          device: '{capability}',
          supported: true,
          get: true,
          set: true,
          featureIndex: 14,
          abi: 'pci-tph-v8',
          how: HOW,
          reason: null,
        },
      },
      {
        call: 'probe {tableless}',
        out: ['{tableless} yes yes no pci-tph-v8 -'],
        err: [`tphctl: note: {tableless}: pci-tph-v8: ${HOW}`],
      },
      {
        call: 'probe {capability} --abi tph-st',
        out: [
          '{capability} no no no 14 PROBE GET says ENOTTY, the kernel has no TPH_ST feature for this device',
        ],
        err: [
          'tphctl: {capability}: Cannot use TPH_ST as feature 14: PROBE GET says ENOTTY, the kernel has no TPH_ST feature for this device',
          'hint: if this kernel has it under another index, name that with --feature-index',
        ],
        status: 3,
      },
    ],
  ),
  {
    name: 'enable, set, get, verify, undo',
    roles: ['capability'],
    async run(world) {
      const before: readonly Step[] = [
        {
          call: 'set {capability} 0=0',
          err: [
            "tphctl: {capability}: Cannot set ST entries: TPH is off, and this kernel's interface programs them only while it is on",
            'hint: "tphctl enable {capability} --mode iv" turns it on',
          ],
          status: 1,
        },
        { call: 'enable {capability} --mode iv', out: ['{capability} yes iv extended -'] },
        {
          call: 'set {capability} 0-1=2-3 8=1@pm',
          out: ['{capability} applied 0 2 vm 2-3 -', '{capability} applied 8 1 pm 1 -'],
        },
      ]
      for (const step of before) await assertStep(world, step)
      onDevice(world, 'capability', (dev) => {
        assertControl(dev, IV)
        assertTable(world, 'capability', dev, 0, '0201030100000000000000000000000001020000')
      })
      const after: readonly Step[] = [
        {
          call: 'get {capability} 0-2,8',
          out: ['0 0x0102 2 vm', '1 0x0103 3 vm', '2 0x0000 - -', '8 0x0201 1 pm'],
          err: [NO_GET],
        },
        {
          call: 'verify {capability} --json',
          out: {
            device: '{capability}',
            state: 'same',
            reason: null,
            compared: 3,
            differences: [],
            waiting: [],
            against: 'ledger',
          },
        },
        {
          call: 'undo {capability}',
          out: ['{capability} restored 0 2 vm none -', '{capability} restored 8 1 vm none -'],
        },
        { call: 'disable {capability}', out: ['{capability} yes none off -'] },
      ]
      for (const step of after) await assertStep(world, step)
      onDevice(world, 'capability', (dev) => {
        assertControl(dev, OFF)
        assertTable(world, 'capability', dev, 0, '0000000000000000000000000000000000000000')
      })
    },
  },
  {
    name: 'verify finds what somebody else set',
    roles: ['capability'],
    async run(world) {
      await assertStep(world, {
        call: 'enable {capability} --mode ds',
        out: ['{capability} yes ds extended -'],
      })
      await assertStep(world, {
        call: 'set {capability} 0-1=0',
        out: ['{capability} applied 0 2 vm 0 -'],
      })
      onDevice(world, 'capability', (dev) => mustSetSt(dev, ['1=3', '2=3']))
      await assertStep(world, {
        call: 'verify {capability}',
        out: ['{capability} different 1 0x0100 0x0103 -'],
        err: [
          "tphctl: {capability}: Cannot confirm entries 1: the device's own table has other tags than tphctl set there",
          'hint: set them again, or ask what else writes the table',
        ],
        status: 7,
      })
    },
  },
  {
    name: 'a call that fails midway leaves entries as they were, where that is known',
    roles: ['msix'],
    async run(world) {
      onDevice(world, 'msix', (dev) => {
        freeVectors(dev)
        allocateVectors(dev, 4)
        mustCall(dev, ENABLE_IV)
        mustSetSt(dev, ['3=3'])
      })
      await assertStep(world, {
        call: 'set {msix} 0-1=0-1',
        out: ['{msix} applied 0 2 vm 0-1 -'],
      })
      await assertStep(world, {
        call: 'set {msix} 0-4=2',
        out: ["{msix} failed 0 5 vm 2 ENXIO, an entry's MSI-X vector is not allocated"],
        err: [
          'tphctl: note: {msix}: entries 3 not put back: the CPU behind their former tag is not known',
          "tphctl: {msix}: Cannot set entries 0-4: ENXIO, an entry's MSI-X vector is not allocated",
        ],
        status: 1,
      })
      onDevice(world, 'msix', (dev) => {
        assertSameTags(msixTags(dev, 5), [0x100, 0x101, 0, 0, 0], 'MSI-X table')
      })
    },
  },
  calls(
    'apply turns TPH on before it sets, and undo off after it put back',
    ['capability'],
    [
      {
        call: 'apply -',
        stdin: WANTED,
        out: ['{capability} applied 0 2 vm 2-3 -', '{capability} applied - - - - mode off -> iv'],
      },
      { call: 'apply -', stdin: WANTED, out: ['{capability} same - - - - -'] },
      {
        call: 'undo {capability}',
        out: [
          '{capability} restored 0 2 vm none -',
          '{capability} restored - - - - mode iv -> off',
        ],
      },
      {
        call: 'apply -',
        stdin: WANTED.replace('"mode": "iv", ', ''),
        err: [
          "tphctl: {capability}: Cannot set ST entries: TPH is off, and this kernel's interface programs them only while it is on",
          'hint: give the device a mode in the file',
        ],
        status: 1,
      },
    ],
  ),
  calls(
    'tag is one call',
    ['tableless'],
    [
      {
        call: 'tag {tableless} 0-1',
        err: [
          'tphctl: {tableless}: Cannot ask for tags: GET_ST is for DS mode, which is not on',
          'hint: "tphctl enable {tableless} --mode ds" turns it on',
        ],
        status: 1,
      },
      { call: 'enable {tableless} --mode ds', out: ['{tableless} yes ds tph -'] },
      {
        call: '-v tag {tableless} 0-1 --mem-type pm --abi pci-tph-v8',
        out: ['0 0x0002 pm', '1 0x0004 pm'],
        err: [
          'read config 0x000 length 4096 = 4096',
          'ioctl VFIO_DEVICE_PCI_TPH GET_CAP = 0 [10 00 00 00 00 00 00 00 ff ff ff ff ff ff ff ff] -> [10 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00]',
          'read config {control} length 4 = 4',
          'ioctl VFIO_DEVICE_PCI_TPH GET_ST count 2 cpu 0-1@pm = 0 [28 00 00 00 03 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00 01 00 00 00 00 00 00 00] -> [28 00 00 00 03 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 01 00 00 00 01 00 00 00 04 00 00 00]',
        ],
      },
      {
        call: 'set {tableless} 0=0',
        err: [
          'tphctl: {tableless}: Cannot use ST entries: the device has no ST table, and this kernel interface keeps none for it',
          'hint: "tphctl tag {tableless} CPUS" shows the tags of CPUs',
        ],
        status: 3,
      },
    ],
  ),
]
