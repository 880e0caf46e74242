import { assertControl, assertTable, control, IV, OFF } from './config.ts'
import { mustSet, onDevice } from './feature.ts'
import { allocateVectors, freeVectors } from './irqs.ts'
import { assertStep, calls } from './program.ts'
import type { ContractCase } from './world.ts'

/** The commands about the control register and the device's own table. */
export const programControlCases: readonly ContractCase[] = [
  {
    name: 'enable, verify, disable',
    roles: ['capability'],
    async run(world) {
      const steps = [
        { call: 'set {capability} 0-1=2-3', out: ['{capability} applied 0 2 vm 2-3 -'] },
        { call: 'verify {capability}', out: ['{capability} inactive - - - TPH is off'] },
        { call: 'enable {capability} --mode iv', out: ['{capability} yes iv extended -'] },
        {
          call: 'verify {capability} --json',
          out: {
            device: '{capability}',
            state: 'same',
            reason: null,
            compared: 64,
            differences: [],
            waiting: [],
          },
        },
      ]
      for (const step of steps) await assertStep(world, step)
      onDevice(world, 'capability', (dev) => {
        assertControl(dev, IV)
        assertTable(world, 'capability', dev, 0, '020103010000')
      })
      await assertStep(world, {
        call: 'enable {capability} --mode ds --json',
        out: {
          device: '{capability}',
          changed: true,
          before: { mode: 'iv', requester: 'extended' },
          control: { mode: 'ds', requester: 'extended' },
        },
      })
      await assertStep(world, {
        call: 'disable {capability}',
        out: ['{capability} yes none off -'],
      })
      await assertStep(world, { call: 'disable {capability}', out: ['{capability} no none off -'] })
      onDevice(world, 'capability', (dev) => assertControl(dev, OFF))
    },
  },
  {
    name: 'verify of the MSI-X table',
    roles: ['msix'],
    async run(world) {
      onDevice(world, 'msix', (dev) => {
        freeVectors(dev)
        allocateVectors(dev, 4)
        mustSet(dev, 0, [3, 2, 1, 0])
        control(dev, IV)
      })
      await assertStep(world, { call: 'verify {msix}', out: ['{msix} same - - - -'] })
    },
  },
  {
    name: 'verify of tags that wait for their vectors',
    roles: ['msix'],
    async run(world) {
      onDevice(world, 'msix', (dev) => {
        freeVectors(dev)
        control(dev, IV)
        mustSet(dev, 1, [3, 2, 1])
      })
      await assertStep(world, {
        call: 'verify {msix}',
        out: ['{msix} waiting - - - entries 1-3 wait for MSI-X vectors'],
      })
      onDevice(world, 'msix', (dev) => {
        allocateVectors(dev, 4)
        freeVectors(dev)
        allocateVectors(dev, 2)
      })
      await assertStep(world, {
        call: 'verify {msix}',
        out: ['{msix} waiting - - - entries 2-3 wait for MSI-X vectors'],
      })
    },
  },
  calls(
    'a mode, a table or tags that the device lacks',
    ['capability', 'tableless'],
    [
      {
        call: 'enable {tableless} --mode iv',
        err: ["tphctl: {tableless}: Cannot enable mode iv: the device's capability has none, ds"],
        status: 3,
      },
      {
        call: 'verify {tableless}',
        err: ['tphctl: {tableless}: Cannot verify: the device has no ST table'],
        status: 3,
      },
      {
        call: 'tag {capability} 0',
        err: [
          'tphctl: {capability}: Cannot ask for tags: the device has an ST table, where the kernel puts them',
          'hint: use "tphctl set" and "tphctl get"',
        ],
        status: 3,
      },
    ],
  ),
]
