import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { tags } from '../../contract/feature.ts'
import { Borrower } from './borrower.ts'
import { Holder } from './holder.ts'
import { isFree, NIC, onBorrowed, tagOf } from './nic.ts'

const { capability } = NIC
const BORROWERS = 32
const SECONDS = 60

const numbers = Array.from({ length: BORROWERS }, (_, i) => i)
const tagsNow = () => onBorrowed(capability, (dev) => tags(dev, 0, BORROWERS))

describe('hold and 32 borrowers for a minute', () => {
  let holder: Holder
  before(async () => {
    holder = await Holder.start(capability)
  })
  after(() => holder.end('SIGKILL'))

  it('each reads back what it has set, and nobody is refused', async (t) => {
    const openBefore = readdirSync(`/proc/${holder.pid}/fd`).length
    const borrowers = numbers.map((i) => new Borrower(`${capability} ${i}`))
    await Promise.all(borrowers.map((one) => one.ready()))
    const deadline = Date.now() + SECONDS * 1000
    const rounds = await Promise.all(borrowers.map((one) => one.work(deadline)))
    for (const [i, { last }] of rounds.entries()) assert.equal(tagsNow()[i], tagOf.vm(last), `${i}`)
    assert.equal(readdirSync(`/proc/${holder.pid}/fd`).length, openBefore)
    const counts = rounds.map(({ count }) => count)
    t.diagnostic(
      `${counts.reduce((a, b) => a + b)} rounds of set and get, ${Math.min(...counts)} to ${Math.max(...counts)} a borrower`,
    )
    assert.ok(Math.min(...counts) > 0)
  })

  it('none of them kept the device open', async () => {
    const { status, stderr } = await holder.end()
    assert.deepEqual([status, stderr], [143, ''])
    assert.ok(isFree(capability))
  })
})
