import { describe, expect, it } from 'vitest'
import { testShell } from '../helpers/run-program.ts'

const quiet = { exitCode: 0, signal: null, stderr: '' }

describe('tphctl in a pipeline', () => {
  it('moves entries from one device to another', async () => {
    const { sh } = testShell()
    const run = await sh(
      `tphctl -q set 81:00.0 0=4 5=6@pm &&
       tphctl get 81:00.0 | awk -F '\\t' '$3 != "-" { print $1 "=" $3 "@" $4 }' | tphctl -q set 82:00.0 - &&
       tphctl get 82:00.0 0,5`,
    )
    const applied = [
      '0000:81:00.0\tapplied\t0\t1\tvm\t4\t-',
      '0000:81:00.0\tapplied\t5\t1\tpm\t6\t-',
      '0000:82:00.0\tapplied\t0\t1\tvm\t4\t-',
      '0000:82:00.0\tapplied\t5\t1\tpm\t6\t-',
    ]
    const entries = ['0\t0x0104\t4\tvm', '5\t0x0206\t6\tpm']
    expect(run).toEqual({ ...quiet, stdout: [...applied, ...entries, ''].join('\n') })
  })

  it('list names devices that set takes', async () => {
    const { sh } = testShell()
    const run = await sh(
      `tphctl list | awk -F '\\t' '{ print $1, "0=" NR }' | tphctl -q set - >/dev/null &&
       for device in $(tphctl list | cut -f 1); do tphctl get $device 0 | cut -f 3; done`,
    )
    expect(run).toEqual({ ...quiet, stdout: '1\n2\n3\n' })
  })

  it('three commands at once on one device and its ledger do not lock each other out', async () => {
    const { sh } = testShell()
    const run = await sh(
      `tphctl -q set 81:00.0 0=1 | tphctl -q set 81:00.0 1=2 | tphctl -q set 81:00.0 2=3
       tphctl get 81:00.0 0-2 | cut -f 3`,
    )
    const [third, ...entries] = run.stdout.trim().split('\n')
    expect(third).toBe('0000:81:00.0\tapplied\t2\t1\tvm\t3\t-')
    expect({ ...run, stdout: entries }).toEqual({ ...quiet, stdout: ['1', '2', '3'] })
  })

  it('a command waits for the whole input before it changes anything', async () => {
    const { sh } = testShell()
    const run = await sh(
      `{ echo 81:00.0 0=1; tphctl get 81:00.0 0; echo 82:00.0 0=9; } 2>&1 | sed '/0x0000/d' | tphctl -q set -`,
    )
    expect({ ...run, stdout: run.stdout.split('\n').length }).toEqual({ ...quiet, stdout: 3 })
  })

  it('a failure is the exit code of the last command and stops what depends on it', async () => {
    const { sh } = testShell()
    const run = await sh('tphctl get 81:00.1 0 | tphctl set 82:00.0 -')
    expect(run.exitCode).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain('0000:81:00.1: Cannot find the device')
    expect(run.stderr).toContain('tphctl: Cannot set: standard input has no ENTRY')
  })

  it('loops over json lines without another tool than node', async () => {
    const { sh } = testShell()
    const run = await sh(
      `tphctl list -o ndjson | node -e '
         const lines = require("node:fs").readFileSync(0, "utf8").trim().split("\\n")
         for (const line of lines) console.log(JSON.parse(line).device)'`,
    )
    expect(run).toEqual({ ...quiet, stdout: '0000:81:00.0\n0000:82:00.0\n0000:83:00.0\n' })
  })

  it('eight commands at once on one device lose no change', async () => {
    const { sh } = testShell()
    const run = await sh(
      `for i in 0 1 2 3 4 5 6 7; do tphctl -q set 81:00.0 $i=$i >/dev/null & done; wait
       tphctl get 81:00.0 0-7 | cut -f 1,3`,
    )
    const entries = Array.from({ length: 8 }, (_, i) => `${i}\t${i}\n`)
    expect(run).toEqual({ ...quiet, stdout: entries.join('') })
  })
})
