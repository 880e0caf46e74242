import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { holderOf, ownText } from '../../../src/backend/mock/lock-holder.ts'
import { isGone } from '../../../src/leftovers.ts'

const START = readFileSync('/proc/self/stat', 'utf8').replace(/.*\) /s, '').split(' ')[19] ?? ''
const NAMESPACE = String(statSync('/proc/self/ns/pid').ino)
const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
const OTHER_BOOT = '00000000-0000-4000-8000-000000000000'
const COMMAND = readFileSync('/proc/self/comm', 'utf8').trim()
const { pid: OWN } = process

/** The pid of a process that has ended and was waited for. */
const DEAD = spawnSync('true').pid

const HIDDEN = 'not visible from here'

describe('ownText()', () => {
  it('is pid, start time, PID namespace and boot id', () => {
    expect(ownText()).toBe(`${OWN}:${START}:${NAMESPACE}:${BOOT}`)
  })
})

describe('holderOf()', () => {
  it.each([
    ['a process that runs', ownText()],
    ['one whose start time is not known', `${OWN}::${NAMESPACE}:${BOOT}`],
    ['one whose boot is not known', `${OWN}:${START}:${NAMESPACE}:`],
    ['one in the old form', `${OWN}:${START}`],
    ['one in the old form with another start time', `${OWN}:1`],
    ['one in a form to come', `${OWN}:${START}:${NAMESPACE}:${BOOT}:more`],
  ])('names %s', (_what, text) => {
    expect(holderOf(text)).toEqual({ pid: OWN, command: COMMAND })
  })

  it.each([
    ['a dead process', `${DEAD}:${START}:${NAMESPACE}:${BOOT}`],
    ['a dead process in the old form', `${DEAD}:123`],
    ['a dead process in a form to come', `${DEAD}:::::`],
    ['a process of another start time', `${OWN}:${Number(START) - 1}:${NAMESPACE}:${BOOT}`],
    ['a process of another boot', `${OWN}:${START}:${NAMESPACE}:${OTHER_BOOT}`],
    ['a process of another boot and PID namespace', `${OWN}:${START}:1:${OTHER_BOOT}`],
  ])('is null for %s', (_what, text) => {
    expect(holderOf(text)).toBeNull()
  })

  it.each([
    ['of another PID namespace', `${DEAD}:1:1:${BOOT}`],
    ['of an unknown PID namespace', `${DEAD}:1::${BOOT}`],
    ['of which nothing is known', `${DEAD}:::`],
  ])('takes a process %s for alive', (_what, text) => {
    expect(holderOf(text)).toEqual({ pid: DEAD, command: HIDDEN })
  })

  it.each(['x', ':', '0:', '-1:5', '1e9:1', '0:1:1:', 'free '])('takes %j for alive', (text) => {
    expect(holderOf(text)).toMatchObject({ pid: null })
  })

  it('takes a zombie for gone', async () => {
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'])
    onTestFinished(() => void shell.kill())
    const [line] = (await once(shell.stdout, 'data')) as [Buffer]
    const zombie = Number(line)
    await expect.poll(() => readFileSync(`/proc/${zombie}/stat`, 'utf8')).toMatch(/\) Z /)
    expect(holderOf(`${zombie}::${NAMESPACE}:${BOOT}`)).toBeNull()
    expect(isGone(zombie)).toBe(false)
  })
})
