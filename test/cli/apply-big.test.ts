import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testShell } from '../helpers/run-program.ts'
import { nthBdf, writeBigHost } from './big-host.ts'

const DEVICES = 64
const ENTRIES = 2048
/** A second or two on a machine that does nothing else. */
const LONGEST_MILLISECONDS = 30_000

describe(`apply of ${DEVICES} devices with ${ENTRIES} entries each`, () => {
  it('sends one SET a device, nothing the second time, and takes seconds', async () => {
    const shell = testShell()
    writeBigHost(`${shell.directory}/host`, DEVICES, ENTRIES)
    const devices = Array.from({ length: DEVICES }, (_, i) => {
      return `  - device: "${nthBdf(i)}"\n    policy: { cpus: "0-15" }\n`
    })
    writeFileSync(`${shell.directory}/state.yaml`, `version: 1\ndevices:\n${devices.join('')}`)
    const apply = ['--mock-host', 'host', 'apply', 'state.yaml', '--json', '-q']
    const start = performance.now()
    const first = await shell.tphctl([...apply, '-v'])
    expect(performance.now() - start).toBeLessThan(LONGEST_MILLISECONDS)
    expect(first.exitCode).toBe(0)
    const sets = first.stderr.match(/^ioctl VFIO_DEVICE_FEATURE SET TPH_ST .*? count \d+/gm) ?? []
    expect(sets).toHaveLength(DEVICES)
    expect(new Set(sets.map((line) => line.split(' count ')[1]))).toEqual(new Set([`${ENTRIES}`]))
    expect(JSON.parse(first.stdout)).toMatchObject({ changed: true })

    const second = await shell.tphctl(apply)
    expect(second).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse(second.stdout)).toMatchObject({ changed: false })
  })
})
