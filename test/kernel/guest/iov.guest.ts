import assert from 'node:assert/strict'
import { existsSync, readlinkSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { GetResult, InfoResult } from '../../../src/tph/results.ts'
import { Holder } from './holder.ts'
import { tagOf } from './nic.ts'
import { answer, fail, lines, succeed } from './program.ts'
import { until } from './until.ts'

const PHYSICAL = '0001:88:00.0'
const DEVICE = `/sys/bus/pci/devices/${PHYSICAL}`
const TOKEN = 'c2ee73a5-7b9c-4c2c-9f0c-2a4f6f1a33d1'
const OTHER_TOKEN = '5b1a3f7e-0c64-4d42-8f2e-90cc4d0d7d6b'

describe('virtual functions of a device on vfio', () => {
  let physical: Holder
  let virtual = ''
  let holder: Holder | undefined

  before(async () => {
    writeFileSync('/sys/module/vfio_tph_pci/parameters/enable_sriov', 'Y')
    writeFileSync(`${DEVICE}/driver_override`, 'vfio-tph-pci')
    writeFileSync('/sys/bus/pci/drivers_probe', PHYSICAL)
    physical = await Holder.start(`${PHYSICAL} --vf-token ${TOKEN}`)
    writeFileSync(`${DEVICE}/sriov_numvfs`, '2')
    virtual = basename(readlinkSync(`${DEVICE}/virtfn0`))
    await until(`a driver of ${virtual}`, () =>
      existsSync(`/sys/bus/pci/devices/${virtual}/driver`),
    )
  })

  after(async () => {
    await holder?.end()
    writeFileSync(`${DEVICE}/sriov_numvfs`, '0')
    await physical?.end()
  })

  it('are listed, though their config space shows no vendor in sysfs', async () => {
    const listed = await lines('list -o tsv')
    const own = listed.filter((line) => line.startsWith(virtual))
    assert.equal(own.length, 1, listed.join('\n'))
    const info = await answer<InfoResult>(`info ${virtual}`)
    assert.equal(info.vendorId, '1234')
    assert.equal(info.driver, 'vfio-tph-pci')
    assert.equal(info.tph?.stEntries, 8)
    assert.equal(info.completer, 'extended')
  })

  it('take the token of the physical one', async () => {
    const without = await fail(5, `hold ${virtual} --open group`)
    assert.match(without.message, /EACCES/)
    assert.match(without.hint ?? '', /--vf-token/)
    await fail(5, `hold ${virtual} --vf-token ${OTHER_TOKEN}`)
    holder = await Holder.start(`${virtual} --vf-token ${TOKEN}`)
  })

  it('have tags of their own', async () => {
    await succeed(`set ${virtual} 0-3=0-3`)
    await succeed(`set ${PHYSICAL} 0-3=3`)
    await succeed(`enable ${virtual} --mode iv`)
    const { entries } = await answer<GetResult>(`get ${virtual} 0-3`)
    assert.deepEqual(
      entries.map(({ st }) => st),
      [0, 1, 2, 3].map(tagOf.vm),
    )
    assert.deepEqual(await lines(`verify ${virtual}`), [`${virtual}\tsame\t-\t-\t-\t-`])
    const info = await answer<InfoResult>(`info ${PHYSICAL}`)
    assert.equal(info.control?.requester, 'off')
  })
})
