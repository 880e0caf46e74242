import { writeSync } from 'node:fs'
import { parseEntry } from '../../../src/args/entry.ts'
import { MockBackend } from '../../../src/backend/mock/mock-backend.ts'
import { builtInHost } from '../../../src/backend/mock/mock-host.ts'
import { planSet } from '../../../src/tph/plan-set.ts'
import { program } from '../../../src/tph/program.ts'

/*
 * Sets entries 0 to 3 of 81:00.0 all to one CPU, then to another, over and over until it is killed: the state file, its
 * lock, the device's lock and the ledger are each in use nearly all the time.
 */

const [, , statePath = ''] = process.argv
const host = {
  backend: new MockBackend({ host: builtInHost(), statePath, faults: '' }),
  notices: { note() {}, warn() {} },
  featureIndex: 14,
  waitSeconds: 30,
  strict: false,
  trace: null,
}
const options = { memoryType: 'vm', cycle: false } as const

for (let i = 0; ; i++) {
  const plan = planSet(host, '0000:81:00.0', [parseEntry(`0-3=${i % 8}`)], options)
  const { error } = program(host, [plan], 'set')
  if (error !== null) throw error
  if (i === 0) writeSync(1, 'ready\n')
}
