import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { uniqueId } from '../src/unique.ts'

describe('uniqueId()', () => {
  it('is 16 hexadecimal digits, never the same twice', () => {
    const ids = Array.from({ length: 5000 }, uniqueId)
    expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.toSorted()).toEqual(ids)
  })

  it('differs from that of a process begun meanwhile', () => {
    const script = 'process.stdout.write((process.pid & 0xfff).toString(16).padStart(3, "0"))'
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    expect(uniqueId().slice(-3)).not.toBe(stdout)
  })
})
