import assert from 'node:assert/strict'
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { GetResult, ListResult, ProbeResult } from '../../../src/tph/results.ts'
import { tags } from '../../contract/feature.ts'
import { Holder } from './holder.ts'
import { BEHIND_IOMMU, backend, NIC, onBorrowed, openHere, tagOf } from './nic.ts'
import { answer, fail, lines, succeed } from './program.ts'

/*
 * What tphctl refuses, and what it lets other users do. The last test here has to be the last one of all: it takes away the right to
 * borrow, and nothing gives that back before the next boot.
 */

const { capability, msix, tableless, plain } = NIC
const NOBODY = 65534
const PTRACE_SCOPE = '/proc/sys/kernel/yama/ptrace_scope'

describe('tphctl refuses', () => {
  let holder: Holder
  before(async () => {
    holder = await Holder.start(`${capability} ${tableless}`)
  })
  after(() => holder?.end())

  it('devices that nobody owns: exit code 6, and a hint at hold', async () => {
    const errors = await Promise.all([
      fail(6, `get ${msix}`),
      fail(6, `set ${msix} 0=0`),
      fail(6, `probe ${msix}`),
    ])
    for (const { code, device, message, hint, stdout } of errors) {
      assert.deepEqual([code, device, stdout], ['busy', msix, ''])
      assert.match(message, /^Cannot reach the device: nobody holds it open/)
      assert.match(hint ?? '', new RegExp(`keep it open with "tphctl hold ${msix}"$`))
    }
  })

  it('what a device lacks: exit code 3', async () => {
    const [none, other, hold, mode, index] = await Promise.all([
      fail(3, `probe ${plain}`),
      fail(3, `probe ${BEHIND_IOMMU.one}`),
      fail(3, `hold ${plain}`),
      fail(3, `enable ${tableless} --mode iv`),
      fail(3, `set ${capability} 0=1 --feature-index 15`),
    ])
    for (const { message } of [none, other, hold]) {
      assert.match(message, /the device has no TPH Requester capability$/)
    }
    const { supported, reason }: ProbeResult = JSON.parse(none.stdout)
    assert.deepEqual([supported, reason], [false, 'the device has no TPH Requester capability'])
    assert.equal(mode.message, "Cannot enable mode iv: the device's capability has none, ds")
    assert.match(index.message, /^Cannot use TPH_ST as feature 15: PROBE .* says ENOTTY/)
    assert.equal(index.errno, 'ENOTTY')
  })

  it('a CPU, a device and a process that are not there: exit codes 2 and 4', async () => {
    const [cpu, noDevice, noProcess] = await Promise.all([
      fail(2, `set ${capability} 0=4`),
      fail(4, 'get 0001:81:00.7'),
      fail(4, `get ${capability} 0 --pid 999999`),
    ])
    assert.match(cpu.message, /CPU 4/)
    assert.deepEqual([noDevice.errno, noProcess.errno], ['ENODEV', 'ESRCH'])
  })

  describe('another user', () => {
    const folder = mkdtempSync('/tmp/refusals-')
    const nobody = { user: NOBODY, env: { XDG_RUNTIME_DIR: folder } }
    let keeper: ChildProcess | undefined
    before(() => chownSync(folder, NOBODY, NOBODY))
    after(() => keeper?.kill('SIGKILL'))

    it('who may look at what sysfs shows, and no more: exit code 5', async () => {
      const [{ stdout, stderr }, set, named, hold] = await Promise.all([
        succeed('list -o json', nobody),
        fail(5, `set ${capability} 0=1`, nobody),
        fail(5, `set ${capability} 0=1 --pid ${holder.pid}`, nobody),
        fail(5, `hold ${msix}`, nobody),
      ])
      const { devices, undecided }: ListResult = JSON.parse(stdout)
      assert.deepEqual(devices, [])
      assert.ok(undecided.some(({ device }) => device === capability))
      assert.match(stderr, /not readable without CAP_SYS_ADMIN/)
      assert.match(set.message, /^Cannot find the device's owner: EACCES/)
      assert.match(named.message, /^Cannot see the open files of pid \d+ \(tphctl\): EACCES/)
      assert.equal(hold.errno, 'EACCES')
    })

    it('unless the device is their own: inherited, or a process of theirs has it', async () => {
      writeFileSync(PTRACE_SCOPE, '0')
      const opened = openHere(msix, 'group')
      const { fd } = opened.device
      const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', fd]
      keeper = spawn('sleep', ['infinity'], { uid: NOBODY, gid: NOBODY, stdio })
      assert.deepEqual(await lines(`set ${msix} 0=1 --fd 3`, { ...nobody, fd }), [
        `${msix}\tapplied\t0\t1\tvm\t1\t-`,
      ])
      opened.close()
      assert.equal(backend().find(msix)?.owner?.pid, keeper.pid)
      await succeed(`set ${msix} 1=2`, nobody)
      const own = `get ${msix} 0-1 --pid ${keeper.pid} --fd 3`
      const { entries } = await answer<GetResult>(own, nobody)
      assert.deepEqual(
        entries.map(({ st }) => st),
        [tagOf.vm(1), tagOf.vm(2)],
      )
    })

    it('and not even then where Yama restricts ptrace', async () => {
      for (const scope of ['1', '2']) {
        writeFileSync(PTRACE_SCOPE, scope)
        const { message, errno } = await fail(5, `get ${msix} 0`, nobody)
        assert.match(message, new RegExp(`EPERM, it needs CAP_SYS_PTRACE .*scope is ${scope}\\)`))
        assert.equal(errno, 'EPERM')
      }
    })
  })

  it('to borrow where Yama forbids it to everybody: exit code 5', async () => {
    assert.deepEqual(
      onBorrowed(capability, (dev) => tags(dev, 0, 2)),
      [0, 0],
    )
    writeFileSync(PTRACE_SCOPE, '3')
    const [{ message, hint }, { stdout }] = await Promise.all([
      fail(5, `set ${capability} 0=1`),
      succeed('list'),
    ])
    assert.match(message, /Yama forbids it to everybody \(kernel\.yama\.ptrace_scope is 3\)$/)
    assert.match(hint ?? '', /ptrace_scope/)
    assert.match(stdout, new RegExp(`^${capability}\t.*\t${holder.pid}:tphctl$`, 'm'))
  })
})
