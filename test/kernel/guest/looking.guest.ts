import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { DoctorResult } from '../../../src/tph/doctor-results.ts'
import type { MapResult } from '../../../src/tph/map-results.ts'
import { Holder } from './holder.ts'
import { NIC } from './nic.ts'
import { answer, lines, succeed, tphctl } from './program.ts'

const { capability, plain } = NIC

describe('looking at this host', () => {
  let holder: Holder
  before(async () => {
    holder = await Holder.start(capability)
    await succeed(`set ${capability} 0-3=0-3`)
  })
  after(() => holder?.end())

  it('doctor finds that a SET would work, and on a device without TPH that it would not', async () => {
    const { ready, checks } = await answer<DoctorResult>(`doctor ${capability}`)
    const problems = checks.filter(({ state }) => state === 'problem')
    assert.deepEqual([ready, problems], [true, []])
    const states = new Map(checks.map(({ id, state }) => [id, state]))
    for (const id of ['kernel-config', 'vfio', 'capability', 'root-port', 'borrow', 'feature']) {
      assert.equal(states.get(id), 'ok', `${id}: ${JSON.stringify(checks)}`)
    }
    const other = await tphctl(`doctor ${plain} -o json`)
    assert.equal(other.status, 1, other.stderr)
  })

  it('map shows where entries steer', async () => {
    const { entries, nodes } = await answer<MapResult>(`map ${capability}`)
    assert.equal(entries?.set, '0-3')
    const cpus = nodes.flatMap(({ l3 }) => l3.flatMap((one) => one.cpus))
    assert.deepEqual(
      cpus.map(({ cpu, entries: to }) => [cpu, to]),
      [0, 1, 2, 3].map((cpu) => [cpu, String(cpu)]),
    )
  })

  it('a batch borrows for each of its lines', async () => {
    const stdin = `set ${capability} 8=1\nget ${capability} 8\nclear ${capability} 8\n`
    assert.deepEqual(await lines('batch', { stdin }), [
      `${capability}\tapplied\t8\t1\tvm\t1\t-`,
      '8\t0x0101\t1\tvm',
      `${capability}\tapplied\t8\t1\tvm\tnone\t-`,
    ])
  })

  it('what gather takes answers as this host does', async () => {
    await succeed('gather --to /tmp/bundle')
    const [here, there] = await Promise.all([lines('list'), lines('list --root /tmp/bundle')])
    assert.deepEqual(there, here)
  })
})
