import { CPUS, mustSet, onDevice } from './feature.ts'
import { calls } from './program.ts'
import type { ContractCase } from './world.ts'

const HOST = { driver: '*', numaNode: '*', iommuGroup: '*' }
const OWNED = { owner: '*', ownerVisible: true }
const IN_CAPABILITY = {
  offset: '*',
  modes: ['none', 'iv', 'ds'],
  extended: true,
  stLocation: 'capability',
  stEntries: 64,
}

const NO_TPH = [
  'tphctl: {plain}: Cannot use steering tags: the device has no TPH Requester capability',
  'hint: "tphctl list" shows the devices with TPH',
]

/** The commands that look. */
export const programReadCases: readonly ContractCase[] = [
  calls(
    'list',
    ['capability', 'msix', 'tableless', 'plain'],
    [
      {
        call: 'list',
        out: [
          '{capability} none,iv,ds capability 64 * * *',
          '{msix} none,iv,ds msix 2048 * * *',
          '{tableless} none,ds none 0 * * *',
        ],
      },
      {
        call: 'list --json',
        out: {
          devices: [
            {
              device: '{capability}',
              vendorId: '1234',
              deviceId: '8100',
              ...HOST,
              tph: IN_CAPABILITY,
              ...OWNED,
            },
            {
              device: '{msix}',
              vendorId: '1234',
              deviceId: '8200',
              ...HOST,
              tph: { ...IN_CAPABILITY, stLocation: 'msix', stEntries: 2048 },
              ...OWNED,
            },
            {
              device: '{tableless}',
              vendorId: '1234',
              deviceId: '8300',
              ...HOST,
              tph: {
                offset: '*',
                modes: ['none', 'ds'],
                extended: false,
                stLocation: 'none',
                stEntries: 0,
              },
              ...OWNED,
            },
          ],
          undecided: [],
        },
      },
    ],
  ),
  calls(
    'info',
    ['capability', 'plain'],
    [
      {
        call: 'info {capability}',
        out: [
          'device {capability}',
          'vendorId 1234',
          'deviceId 8100',
          'driver *',
          'numaNode *',
          'iommuGroup *',
          'localCpus *',
          'owner *',
          'tph at *',
          'modes none,iv,ds',
          'extended yes',
          'stLocation capability',
          'stEntries 64',
          'control off',
          'completer extended',
          'feature TPH_ST is feature 14',
        ],
      },
      {
        call: 'info {plain} --json',
        out: {
          device: '{plain}',
          vendorId: '1234',
          deviceId: '8400',
          ...HOST,
          tph: null,
          ...OWNED,
          tphReason: 'absent',
          control: null,
          completer: 'extended',
          localCpus: '*',
          feature: null,
          notes: [],
        },
      },
    ],
  ),
  calls(
    'info of a device that is on',
    ['tableless'],
    [
      { call: 'enable {tableless} --mode ds', out: ['{tableless} yes ds tph -'] },
      {
        call: 'info {tableless} --json',
        out: {
          device: '{tableless}',
          vendorId: '1234',
          deviceId: '8300',
          ...HOST,
          tph: {
            offset: '*',
            modes: ['none', 'ds'],
            extended: false,
            stLocation: 'none',
            stEntries: 0,
          },
          ...OWNED,
          tphReason: null,
          control: { mode: 'ds', requester: 'tph' },
          completer: 'extended',
          localCpus: '*',
          feature: { supported: true, get: true, set: true, index: 14, abi: 'tph-st' },
          notes: [],
        },
      },
    ],
  ),
  calls(
    'probe',
    ['capability', 'plain'],
    [
      { call: 'probe {capability}', out: ['{capability} yes yes yes 14 -'] },
      {
        call: 'probe {capability} --feature-index 999 --json',
        out: {
          device: '{capability}',
          supported: false,
          get: false,
          set: false,
          featureIndex: 999,
          abi: null,
          how: null,
          reason: 'PROBE GET says ENOTTY, the kernel has no TPH_ST feature for this device',
        },
        err: [
          '{"error":{"code":"unsupported","exitCode":3,"message":"Cannot use TPH_ST as feature 999: PROBE GET says ENOTTY, the kernel has no TPH_ST feature for this device","hint":"if this kernel has it under another index, name that with --feature-index","device":"{capability}","errno":"ENOTTY"}}',
        ],
        status: 3,
      },
      {
        call: 'probe {plain}',
        out: ['{plain} no no no 14 the device has no TPH Requester capability'],
        err: NO_TPH,
        status: 3,
      },
    ],
  ),
  {
    name: 'get of tags that somebody else set',
    roles: ['capability'],
    async run(world) {
      onDevice(world, 'capability', (dev) => {
        mustSet(dev, 0, CPUS, 'pm')
      })
      const steps = [
        {
          call: 'get {capability} 0-4',
          out: ['0 0x0200 - -', '1 0x0201 - -', '2 0x0202 - -', '3 0x0203 - -', '4 0x0000 - -'],
        },
      ]
      await calls('', [], steps).run(world)
    },
  },
  calls(
    'the calls of a get',
    ['capability'],
    [
      {
        call: '-v get {capability} 5',
        out: ['5 0x0000 - -'],
        err: [
          'read config 0x000 length 4096 = 4096',
          'ioctl VFIO_DEVICE_FEATURE PROBE GET TPH_ST = 0 [08 00 00 00 0e 00 05 00]',
          'ioctl VFIO_DEVICE_FEATURE GET TPH_ST index 0 count 1 = 0 [14 00 00 00 0e 00 01 00 00 00 00 00 00 00 01 00 ff ff ff ff] -> [14 00 00 00 0e 00 01 00 00 00 00 00 00 00 01 00 00 00 00 00]',
          'ioctl VFIO_DEVICE_FEATURE GET TPH_ST index 64 count 1 = -1 EINVAL [14 00 00 00 0e 00 01 00 00 00 00 00 40 00 01 00 ff ff ff ff]',
          'ioctl VFIO_DEVICE_FEATURE GET TPH_ST index 5 count 1 = 0 [14 00 00 00 0e 00 01 00 00 00 00 00 05 00 01 00 ff ff ff ff] -> [14 00 00 00 0e 00 01 00 00 00 00 00 05 00 01 00 00 00 00 00]',
        ],
      },
    ],
  ),
  calls(
    'get that is refused',
    ['capability', 'tableless'],
    [
      {
        call: 'get {capability} 63-64',
        err: [
          "tphctl: {capability}: Cannot use index 64: the device's ST table has 64 entries, 0-63",
        ],
        status: 2,
      },
      {
        call: 'get {tableless}',
        err: [
          'tphctl: {tableless}: Cannot get all entries: the device has no ST table, so name their INDEXES',
          'hint: the kernel keeps entries 0-2047 for such a device',
        ],
        status: 2,
      },
    ],
  ),
]
