import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { hardwareControl, hardwareTable, isFree, NIC } from './nic.ts'

const { capability, msix, unresettable } = NIC
/** A kernel that looks at each of its accesses to memory is the one to find anything; one that looks at all else too takes hours. */
const LOOKS_AT_MEMORY = readFileSync('/proc/kallsyms', 'latin1').includes(' kasan_report\n')
const LOOKS_AT_ALL = existsSync('/sys/kernel/debug/kmemleak')
const REQUESTS = LOOKS_AT_MEMORY && !LOOKS_AT_ALL ? 1_000_000 : 50_000
/** The numbers of the devices' requests begin with it; the same is tried again by the same. */
const SEED = 20_261_126
/** What each device gets of the requests; one with 2048 entries takes a second to be switched. */
const SHARES = [
  [capability, 0.5],
  [msix, 0.1],
  [unresettable, 0.4],
] as const

describe(`${REQUESTS} malformed requests`, () => {
  it('get the answers that the interface has for them, and do no harm', async (test) => {
    const said = await Promise.all(SHARES.map(([bdf, share], i) => fuzz(bdf, share, i)))
    for (const { stdout } of said) test.diagnostic(stdout.trim())
    assert.deepEqual(
      said.map(({ stderr }) => stderr),
      said.map(() => ''),
    )
    const counts = said.map(({ stdout }) => Number(/: (\d+) requests/.exec(stdout)?.[1]))
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      REQUESTS,
    )
  })

  it('leave nothing behind', () => {
    for (const [bdf] of SHARES) {
      assert.ok(isFree(bdf), bdf)
      assert.equal(hardwareControl(bdf), 0, bdf)
    }
    assert.deepEqual(hardwareTable(capability, 64), Array(64).fill(0))
  })
})

/** Lets `fuzz.c` have a device. @returns its counts, and what it complains of */
function fuzz(
  bdf: string,
  share: number,
  i: number,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const words = [`${share * REQUESTS}`, `${SEED + i}`, bdf]
    execFile('fuzz', words, (error, stdout, stderr) => {
      resolve({ stdout, stderr: stderr !== '' || error === null ? stderr : error.message })
    })
  })
}
