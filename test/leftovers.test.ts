import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { isGone } from '../src/leftovers.ts'

/** The pid of a process that has ended and was waited for. */
const DEAD = spawnSync('true').pid

describe('isGone()', () => {
  it.each([
    [process.pid, false],
    [1, false],
    [DEAD, true],
    [9_999_999_999, false],
  ])('of pid %d is %s', (pid, gone) => {
    expect(isGone(pid)).toBe(gone)
  })
})
