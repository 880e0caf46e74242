import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { GetResult } from '../../../src/tph/results.ts'
import { tags } from '../../contract/feature.ts'
import { Holder } from './holder.ts'
import { NIC, onBorrowed, tagOf } from './nic.ts'
import { answer, succeed } from './program.ts'

/*
 * Many at once on one device. A start of tphctl takes most of a second of one of the guest's CPUs, so 64 of them take a minute or
 * more, of which each holds the lock for a moment only.
 */

const { capability } = NIC
const PROCESSES = 64
const CPUS = 4
/** The last of them waits for all others, on a guest that may have a part of a CPU; the limit is that of the file. */
const WAIT = '--wait 3600'

const numbers = Array.from({ length: PROCESSES }, (_, i) => i)
const cpuOf = (i: number) => (i * 7) % CPUS
const tagsNow = () => onBorrowed(capability, (dev) => tags(dev, 0, PROCESSES))

/** What get shows of entries. */
async function entries(indexes: string): Promise<GetResult['entries']> {
  return (await answer<GetResult>(`get ${capability} ${indexes}`)).entries
}

describe('64 commands at once on one device', () => {
  let holder: Holder
  before(async () => {
    holder = await Holder.start(capability)
  })
  after(() => holder.end())

  it('lose nothing when each sets an entry of its own', async () => {
    await Promise.all(numbers.map((i) => succeed(`set ${capability} ${i}=${cpuOf(i)} ${WAIT}`)))
    assert.deepEqual(
      tagsNow(),
      numbers.map((i) => tagOf.vm(cpuOf(i))),
    )
    assert.deepEqual(
      (await entries(`0-${PROCESSES - 1}`)).map(({ cpu }) => cpu),
      numbers.map(cpuOf),
    )
  })

  it('leave one of their values when all set the same entry, and the ledger agrees with the kernel', async () => {
    await Promise.all(numbers.map((i) => succeed(`set ${capability} 5=${cpuOf(i)} ${WAIT}`)))
    const [entry] = await entries('5')
    const kernel = tagsNow()[5]
    assert.ok(numbers.map((i) => tagOf.vm(cpuOf(i))).includes(kernel ?? 0), String(kernel))
    assert.equal(entry?.st, kernel)
    assert.equal(tagOf.vm(entry?.cpu ?? -1), kernel)
  })

  it('leave nothing behind but the lock file and the ledger', () => {
    const left = readdirSync('/run/tphctl').filter((name) => name.startsWith(capability))
    assert.deepEqual(left.sort(), [`${capability}.json`, `${capability}.lock`])
    assert.equal(readFileSync(`/run/tphctl/${capability}.lock`, 'utf8'), '')
  })
})
