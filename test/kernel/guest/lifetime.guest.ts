import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import type { GetResult, SetResult } from '../../../src/tph/results.ts'
import { tags } from '../../contract/feature.ts'
import { Holder } from './holder.ts'
import { backend, hardwareControl, hardwareTable, isFree, NIC, onBorrowed, tagOf } from './nic.ts'
import { answer, fail, succeed, tphctl } from './program.ts'
import { until } from './until.ts'

const { capability, unresettable } = NIC
const LOCK = `/run/tphctl/${capability}.lock`
const kept = (count: number) => onBorrowed(capability, (dev) => tags(dev, 0, count))

describe('the life of tags', () => {
  let holder: Holder
  after(() => holder?.end('SIGKILL'))

  it('two setters at once take turns', async () => {
    holder = await Holder.start(`${capability} ${unresettable}`)
    const cpus = [1, 2]
    const results = await Promise.all(
      cpus.map((cpu) => answer<SetResult>(`set ${capability} 0-63=${cpu}`)),
    )
    assert.ok(results.every(({ changed, applied }) => changed && applied.length === 1))
    const { entries } = await answer<GetResult>(`get ${capability}`)
    const last = entries[0]?.cpu ?? -1
    assert.ok(cpus.includes(last))
    const entry = { st: tagOf.vm(last), cpu: last, memoryType: 'vm' }
    assert.deepEqual(
      entries,
      Array.from({ length: 64 }, (_, index) => ({ index, ...entry })),
    )
    const { restored } = await answer<SetResult>(`undo ${capability}`)
    const before = restored[0]?.cpus[0] ?? -1
    assert.ok(cpus.includes(before) && before !== last, JSON.stringify(restored))
    assert.deepEqual(kept(64), Array(64).fill(tagOf.vm(before)))
  })

  it('a device that another tphctl has locked is busy', async () => {
    const lock = backend().lock(capability, 0)
    try {
      const { message, errno, hint } = await fail(6, `set ${capability} 0=0 --wait 0`)
      assert.match(message, new RegExp(`EBUSY, held by pid ${process.pid} \\(.+\\)$`))
      assert.deepEqual([errno, hint], ['EBUSY', 'wait for it with --wait SECONDS'])
    } finally {
      lock.release()
    }
  })

  it('a device that somebody has cannot be held, nor opened for a moment', async () => {
    const [{ message }, ephemeral] = await Promise.all([
      fail(6, `hold ${capability}`),
      succeed(`set ${capability} 1=2 --ephemeral`),
    ])
    assert.match(
      message,
      new RegExp(`EBUSY, pid ${holder.pid} \\(tphctl\\) has it open as fd \\d+$`),
    )
    assert.match(ephemeral.stderr, /--ephemeral/)
    // It borrowed like any other, so the tag is still there.
    assert.equal(kept(2)[1], tagOf.vm(2))
  })

  it('an owner that is killed leaves nothing, even while commands are at work', async () => {
    await succeed(`enable ${capability} --mode iv`)
    const runs = [1, 2].map((cpu) => tphctl(`set ${capability} 0-63=${cpu}`))
    let isOver = false
    const ended = Promise.all(runs).finally(() => {
      isOver = true
    })
    await until('a command has the device', () => isOver || isBorrowed(holder.pid))
    await holder.end('SIGKILL')
    for (const { status, stderr } of await ended) {
      assert.ok([0, 4, 6].includes(status ?? -1), `exit code ${status}: ${stderr}`)
      if (status !== 0) assert.match(stderr, /^tphctl: 0001:81:00\.0: Cannot /m)
    }
    assert.ok(isFree(capability))
    assert.equal(hardwareControl(capability), 0)
    assert.deepEqual(hardwareTable(capability, 64), Array(64).fill(0))
  })

  it('a new owner begins with an empty table, which undo leaves alone', async () => {
    holder = await Holder.start(capability)
    await succeed(`set ${capability} 5=1`)
    await holder.end('SIGKILL')
    holder = await Holder.start(capability)
    assert.deepEqual(kept(64), Array(64).fill(0))
    const { message } = await fail(6, `undo ${capability}`)
    assert.match(message, /^Cannot undo: the tags went with their owner \(pid \d+\), pid \d+ owns/)
    await succeed(`set ${capability} 0=3`)
    assert.deepEqual(kept(2), [tagOf.vm(3), 0])
  })

  it('the device is free as soon as its owner is killed: no command has kept it', async () => {
    await holder.end('SIGKILL')
    assert.ok(isFree(capability))
  })

  it('--ephemeral opens what nobody has, for that one command', async () => {
    const { stdout, stderr } = await succeed(`set ${unresettable} 0-3=0-3 --ephemeral`)
    assert.equal(stdout, `${unresettable}\tapplied\t0\t4\tvm\t0-3\t-\n`)
    assert.match(stderr, /^tphctl: note: a device that nobody owns is opened for this command only/)
    assert.ok(isFree(unresettable))
    const { entries } = await answer<GetResult>(`get ${unresettable} --ephemeral --open group`)
    assert.deepEqual(
      entries.map(({ st }) => st),
      Array(16).fill(0),
    )
  })
})

/** Whether the command that has the device's lock has the device open. */
function isBorrowed(owner: number): boolean {
  const pid = Number.parseInt(readFileSync(LOCK, 'utf8'), 10)
  return pid > 0 && pid !== owner && openFiles(pid).some((link) => link.includes('/vfio/devices/'))
}

/** What a process has open; nothing when it is gone. */
function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}

/** Where a link points; nowhere when it is gone meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
