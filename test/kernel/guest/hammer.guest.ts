import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { hardwareControl, hardwareTable, hardwareVectors, isFree, NIC } from './nic.ts'

const SECONDS = 8
const { capability, msix, unresettable } = NIC

describe('many threads at once', () => {
  it('the driver keeps its promises, on several devices at a time', async () => {
    const said = await Promise.all([capability, msix, unresettable].map(hammer))
    assert.deepEqual(said, ['', '', ''])
  })

  it('and nothing is left of it', () => {
    for (const bdf of [capability, msix, unresettable]) {
      assert.ok(isFree(bdf), bdf)
      assert.equal(hardwareControl(bdf), 0, bdf)
    }
    assert.deepEqual(hardwareTable(capability, 64), Array(64).fill(0))
    assert.deepEqual(hardwareVectors(msix, 2048), Array(2048).fill(0))
    assert.deepEqual(hardwareTable(unresettable, 16), Array(16).fill(0))
  })
})

/** Lets the threads of `hammer.c` have a device. @returns what they complain of */
function hammer(bdf: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('hammer', [`${SECONDS}`, bdf], (error, _, stderr) => {
      resolve(stderr !== '' || error === null ? stderr : error.message)
    })
  })
}
