import { assertTags, impossibleCpu, onDevice } from './feature.ts'
import { assertStep, calls } from './program.ts'
import type { ContractCase } from './world.ts'

/** What set, clear and undo say of one device. */
const result = (device: string, parts: object) => ({
  device,
  changed: true,
  applied: [],
  restored: [],
  failed: [],
  skipped: [],
  ...parts,
})

/** The commands that program entries. */
export const programSetCases: readonly ContractCase[] = [
  calls(
    'set, get, clear, undo',
    ['capability'],
    [
      {
        call: 'set {capability} 0-3=0-3 8=1@pm',
        out: ['{capability} applied 0 4 vm 0-3 -', '{capability} applied 8 1 pm 1 -'],
      },
      {
        call: 'get {capability} 3-4,8',
        out: ['3 0x0103 3 vm', '4 0x0000 - -', '8 0x0201 1 pm'],
      },
      {
        call: 'get {capability} 8,4 --json',
        out: {
          device: '{capability}',
          entries: [
            { index: 8, st: 0x201, cpu: 1, memoryType: 'pm' },
            { index: 4, st: 0, cpu: null, memoryType: null },
          ],
        },
      },
      {
        call: 'clear {capability} 2-3,8 --json',
        out: result('{capability}', {
          applied: [
            { index: 2, count: 2, memoryType: 'vm', cpus: [null, null] },
            { index: 8, count: 1, memoryType: 'vm', cpus: [null] },
          ],
        }),
      },
      {
        call: 'undo {capability}',
        out: ['{capability} restored 2 2 vm 2-3 -', '{capability} restored 8 1 pm 1 -'],
      },
      {
        call: 'get {capability} 0-3,8',
        out: ['0 0x0100 0 vm', '1 0x0101 1 vm', '2 0x0102 2 vm', '3 0x0103 3 vm', '8 0x0201 1 pm'],
      },
    ],
  ),
  calls(
    'set from standard input',
    ['capability', 'msix', 'tableless'],
    [
      {
        call: 'set {capability} -',
        stdin: '0=0\n1-2=1-2@pm # two\n',
        out: ['{capability} applied 0 1 vm 0 -', '{capability} applied 1 2 pm 1-2 -'],
      },
      {
        call: 'set - --json',
        stdin: '{msix} 2047=3\n{tableless} 5=2\n',
        out: {
          devices: [
            result('{msix}', { applied: [{ index: 2047, count: 1, memoryType: 'vm', cpus: [3] }] }),
            result('{tableless}', {
              applied: [{ index: 5, count: 1, memoryType: 'vm', cpus: [2] }],
            }),
          ],
        },
      },
      { call: 'get {tableless} 5', out: ['5 0x0005 2 vm'] },
      {
        call: 'undo --json',
        out: {
          devices: [
            result('{msix}', {
              restored: [{ index: 2047, count: 1, memoryType: 'vm', cpus: [null] }],
            }),
            result('{tableless}', {
              restored: [{ index: 5, count: 1, memoryType: 'vm', cpus: [null] }],
            }),
          ],
        },
      },
    ],
  ),
  calls(
    'set of what is set already, and of a whole table',
    ['capability'],
    [
      { call: 'set {capability} 0-63=1', out: ['{capability} applied 0 64 vm 1 -'] },
      {
        call: 'set {capability} 7=1 --json',
        out: result('{capability}', {
          changed: false,
          applied: [{ index: 7, count: 1, memoryType: 'vm', cpus: [1] }],
        }),
      },
    ],
  ),
  calls(
    'tag',
    ['tableless'],
    [
      {
        call: 'tag {tableless} 0-3',
        out: ['0 0x0001 vm', '1 0x0003 vm', '2 0x0005 vm', '3 0x0007 vm'],
      },
      {
        call: 'tag {tableless} 1 --mem-type pm --json',
        out: { device: '{tableless}', tags: [{ cpu: 1, st: 4, memoryType: 'pm' }] },
      },
      { call: 'get {tableless} 2047', out: ['2047 0x0000 - -'] },
    ],
  ),
  {
    name: 'a set that is refused leaves all as it was',
    roles: ['capability', 'plain'],
    async run(world) {
      const cpu = impossibleCpu(world)
      await assertStep(world, {
        call: `set {capability} 0=${cpu}`,
        err: [
          `tphctl: {capability}: Cannot use "0=${cpu}": CPU ${cpu} does not exist; possible CPUs are *`,
        ],
        status: 2,
      })
      await assertStep(world, {
        call: 'set {capability} 0=0 64=1',
        err: [
          "tphctl: {capability}: Cannot use index 64: the device's ST table has 64 entries, 0-63",
        ],
        status: 2,
      })
      await assertStep(world, {
        call: 'set {plain} 0=0',
        err: [
          'tphctl: {plain}: Cannot use steering tags: the device has no TPH Requester capability',
          'hint: "tphctl list" shows the devices with TPH',
        ],
        status: 3,
      })
      onDevice(world, 'capability', (dev) => assertTags(dev, 0, [0, 0]))
    },
  },
]
