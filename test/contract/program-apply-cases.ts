import { assertControl, assertTable, IV, OFF } from './config.ts'
import { onDevice } from './feature.ts'
import { assertStep } from './program.ts'
import type { ContractCase } from './world.ts'

const WANTED =
  '{"version": 1, "devices": [{"device": "{capability}", "mode": "iv", "entries": ["0-1=2-3"]}]}\n'

/** The commands about desired state. */
export const programApplyCases: readonly ContractCase[] = [
  {
    name: 'apply, again, undo',
    roles: ['capability'],
    async run(world) {
      await assertStep(world, {
        call: 'apply - --diff',
        stdin: WANTED,
        out: ['{capability} 0-1 none 2-3', '{capability} mode off iv'],
      })
      await assertStep(world, {
        call: 'apply -',
        stdin: WANTED,
        out: ['{capability} applied 0 2 vm 2-3 -', '{capability} applied - - - - mode off -> iv'],
      })
      onDevice(world, 'capability', (dev) => {
        assertControl(dev, IV)
        assertTable(world, 'capability', dev, 0, '020103010000')
      })
      await assertStep(world, {
        call: 'apply -',
        stdin: WANTED,
        out: ['{capability} same - - - - -'],
      })
      await assertStep(world, {
        call: 'undo {capability}',
        out: [
          '{capability} restored 0 2 vm none -',
          '{capability} restored - - - - mode iv -> off',
        ],
      })
      onDevice(world, 'capability', (dev) => assertControl(dev, OFF))
    },
  },
]
