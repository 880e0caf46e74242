import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { ControlResult, VerifyResult } from '../../../src/tph/results.ts'
import { tags } from '../../contract/feature.ts'
import { allocateVectors, freeVectors } from '../../contract/irqs.ts'
import { Holder } from './holder.ts'
import {
  hardwareControl,
  hardwareTable,
  hardwareVectors,
  isFree,
  NIC,
  onBorrowed,
  pokeHardwareTable,
  tagOf,
} from './nic.ts'
import { answer, fail, succeed } from './program.ts'

const { capability, msix, narrow, blocked, unresettable } = NIC
const kept = (bdf: string, count: number) => onBorrowed(bdf, (dev) => tags(dev, 0, count))

describe('the device itself', () => {
  let holder: Holder
  before(async () => {
    holder = await Holder.start(`${capability} ${msix} ${narrow} ${blocked} ${unresettable}`)
  })
  after(() => holder?.end('SIGKILL'))

  it('one of them is none that the kernel can reset', () => {
    const reset = `/sys/bus/pci/devices/${unresettable}/reset`
    assert.throws(() => writeFileSync(reset, '1'), { code: 'ENOTTY' })
  })

  it('its table has no tags as long as TPH is off', async () => {
    const lines = [
      `${capability} 0-31=0-3 32-62=0-3@pm`,
      `${msix} 0-15=0-3`,
      `${narrow} 0-7=0-3`,
      `${unresettable} 0-15=3`,
    ]
    await succeed('set - --cycle', { stdin: lines.join('\n') })
    assert.deepEqual(hardwareTable(capability, 64), Array(64).fill(0))
    assert.deepEqual(hardwareVectors(msix, 2048), Array(2048).fill(0))
  })

  it('its table in the capability has the tags that GET returns while TPH is on', async () => {
    await Promise.all([
      succeed(`enable ${capability} --mode ds`),
      succeed(`enable ${unresettable} --mode iv`),
    ])
    const all = kept(capability, 64)
    assert.deepEqual(all.slice(30, 34), [2, 3].map(tagOf.vm).concat([0, 1].map(tagOf.pm)))
    assert.equal(hardwareControl(capability), 0x302)
    assert.deepEqual(hardwareTable(capability, 64), all)
    assert.deepEqual(hardwareTable(unresettable, 16), Array(16).fill(tagOf.vm(3)))
    await succeed(`set ${capability} 0=3 63=1 1-29=none`)
    const now = [tagOf.vm(3), ...Array(29).fill(0), ...all.slice(30, 63), tagOf.vm(1)]
    assert.deepEqual(kept(capability, 64), now)
    assert.deepEqual(hardwareTable(capability, 64), now)
  })

  it('verify finds an entry that something else wrote', async () => {
    pokeHardwareTable(capability, 5, 0xbeef)
    const { message, stdout } = await fail(7, `verify ${capability}`)
    assert.match(message, /entries 5: the device's own table has other tags than the kernel/)
    const { state, differences }: VerifyResult = JSON.parse(stdout)
    assert.deepEqual([state, differences], ['different', [{ index: 5, st: 0, hardware: 0xbeef }]])
  })

  it('its table in MSI-X has the tags of vectors that are allocated, the others wait', async () => {
    const wanted = kept(msix, 16)
    await succeed(`enable ${msix} --mode iv`)
    assert.deepEqual(hardwareVectors(msix, 2048), Array(2048).fill(0))
    onBorrowed(msix, (dev) => allocateVectors(dev, 4))
    assert.deepEqual(kept(msix, 16), wanted)
    assert.deepEqual(hardwareVectors(msix, 2048), [...wanted.slice(0, 4), ...Array(2044).fill(0)])
    const { state, compared, waiting } = await answer<VerifyResult>(`verify ${msix}`)
    assert.deepEqual([state, compared], ['waiting', 2036])
    assert.deepEqual(waiting, [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
    onBorrowed(msix, (dev) => {
      freeVectors(dev)
      allocateVectors(dev, 16)
    })
    assert.deepEqual(hardwareVectors(msix, 2048), [...wanted, ...Array(2032).fill(0)])
    const later = await answer<VerifyResult>(`verify ${msix}`)
    assert.deepEqual([later.state, later.compared], ['same', 2048])
  })

  it('behind a plain root port its tags have 8 bits', async () => {
    const { control } = await answer<ControlResult>(`enable ${narrow} --mode iv`)
    assert.deepEqual(control, { mode: 'iv', requester: 'tph' })
    const wanted = [0, 1, 2, 3, 0, 1, 2, 3].map(tagOf.narrow)
    assert.deepEqual(kept(narrow, 8), wanted)
    assert.equal(hardwareControl(narrow), 0x101)
    assert.deepEqual(hardwareTable(narrow, 8), wanted)
    assert.equal((await answer<VerifyResult>(`verify ${narrow}`)).state, 'same')
  })

  it('behind a root port that is no completer TPH cannot be enabled', async () => {
    const [{ message, hint }, set] = await Promise.all([
      fail(1, `enable ${blocked} --mode iv`),
      succeed(`set ${blocked} 0=1`),
    ])
    assert.match(message, /written as mode iv, requester extended and reads back off$/)
    assert.equal(hint, '"tphctl info" shows what the device and its root port support')
    assert.equal(hardwareControl(blocked), 0)
    assert.match(set.stderr, /tag 0 for CPU 1: the firmware has no steering tag for it/)
    assert.deepEqual(hardwareTable(blocked, 8), Array(8).fill(0))
  })

  it('nothing is left of any of it after the last close, be there a reset or not', async () => {
    await holder.end()
    for (const bdf of [capability, msix, narrow, blocked, unresettable]) {
      assert.equal(hardwareControl(bdf), 0, bdf)
    }
    assert.deepEqual(hardwareTable(capability, 64), Array(64).fill(0))
    assert.deepEqual(hardwareTable(narrow, 8), Array(8).fill(0))
    assert.deepEqual(hardwareTable(unresettable, 16), Array(16).fill(0))
    assert.deepEqual(hardwareVectors(msix, 2048), Array(2048).fill(0))
    assert.ok(isFree(unresettable))
  })

  it('an owner that never enables TPH leaves its table alone', () => {
    pokeHardwareTable(unresettable, 3, 0xbeef)
    assert.ok(isFree(unresettable))
    assert.equal(hardwareTable(unresettable, 16)[3], 0xbeef)
    pokeHardwareTable(unresettable, 3, 0)
  })
})
