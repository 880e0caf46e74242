import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import type {
  ControlResult,
  GetResult,
  InfoResult,
  ListResult,
  ProbeResult,
  SetResult,
  SetResults,
  TagResult,
  VerifyResult,
} from '../../../src/tph/results.ts'
import { tags } from '../../contract/feature.ts'
import { Holder } from './holder.ts'
import { hardwareControl, hardwareTable, NIC, onBorrowed, tagOf } from './nic.ts'
import { answer, lines, succeed } from './program.ts'
import { until } from './until.ts'

const { capability, msix, tableless } = NIC
const file = `${mkdtempSync('/tmp/commands-')}/steering`
const isTag = (index: number, tag: number) => () =>
  onBorrowed(capability, (dev) => tags(dev, index, 1)[0] === tag)

describe('the commands', () => {
  let holder: Holder

  it('list and info need no owner', async () => {
    const [{ devices }, info] = await Promise.all([
      answer<ListResult>('list'),
      answer<InfoResult>(`info ${capability}`),
    ])
    const ours = devices.filter(({ device }) => /^0001:8[1-7]:00\.0$/.test(device))
    for (const { driver, owner, ownerVisible } of ours) {
      assert.deepEqual([driver, owner, ownerVisible], ['vfio-tph-pci', null, true])
    }
    const rows = ours.map(({ device, tph }) => [
      device.slice(5, 7),
      tph?.modes.join(),
      tph?.extended,
      tph?.stLocation,
      tph?.stEntries,
    ])
    assert.deepEqual(rows, [
      ['81', 'none,iv,ds', true, 'capability', 64],
      ['82', 'none,iv,ds', true, 'msix', 2048],
      ['83', 'none,ds', false, 'none', 0],
      ['85', 'none,iv,ds', true, 'capability', 8],
      ['86', 'none,iv,ds', true, 'capability', 8],
      ['87', 'none,iv,ds', true, 'capability', 16],
    ])
    assert.deepEqual(info.control, { mode: 'none', requester: 'off' })
    assert.equal(info.completer, 'extended')
    assert.equal(info.localCpus, '0-3')
    assert.equal(info.feature, null)
  })

  it('hold says ready and sets what its file says', async () => {
    writeFileSync(file, `# all of it\n${capability} 0-3=0-3 8=1@pm\n${tableless} 5=2\n`)
    holder = await Holder.start(`${capability} ${msix} ${tableless} -f ${file}`)
    const ready = [capability, msix, tableless].map((device) => `ready: ${device}\n`)
    assert.equal(holder.stdout, ready.join(''))
    assert.equal(holder.stderr, '')
    assert.deepEqual(await lines(`get ${capability} 0-4,8`), [
      '0\t0x0100\t0\tvm',
      '1\t0x0101\t1\tvm',
      '2\t0x0102\t2\tvm',
      '3\t0x0103\t3\tvm',
      '4\t0x0000\t-\t-',
      '8\t0x0201\t1\tpm',
    ])
    assert.equal(
      onBorrowed(tableless, (dev) => tags(dev, 5, 1)[0]),
      tagOf.narrow(2),
    )
    assert.equal(hardwareControl(capability), 0)
    assert.deepEqual(hardwareTable(capability, 64), Array(64).fill(0))
  })

  it('hold sets its file again on SIGHUP, and goes on where the file is wrong', async () => {
    writeFileSync(file, `${capability} 0=3\n`)
    holder.hangUp()
    await until('the file is set again', isTag(0, tagOf.vm(3)))
    writeFileSync(file, `${capability} 0=99\n`)
    holder.hangUp()
    await until('it says what is wrong', () => holder.stderr.includes('\n'))
    assert.match(holder.stderr, /^tphctl: note: what is held stays as it is: .*CPU 99 .*\n$/)
    assert.ok(isTag(0, tagOf.vm(3))())
  })

  it('info names the owner and the feature, probe too', async () => {
    const [{ owner, feature }, probed] = await Promise.all([
      answer<InfoResult>(`info ${capability}`),
      answer<ProbeResult>(`probe ${capability}`),
    ])
    assert.deepEqual([owner?.pid, owner?.command], [holder.pid, 'tphctl'])
    assert.deepEqual(feature, { supported: true, get: true, set: true, index: 14, abi: 'tph-st' })
    const { supported, get, set, featureIndex, reason } = probed
    assert.deepEqual([supported, get, set, featureIndex, reason], [true, true, true, 14, null])
  })

  it('set takes arguments, and -v shows each call', async () => {
    const { stdout, stderr } = await succeed(`set ${capability} 4-5=2@pm 6=none 7=1 -v`)
    assert.equal(
      stdout,
      `${capability}\tapplied\t4\t2\tpm\t2\t-\n${capability}\tapplied\t6\t2\tvm\tnone,1\t-\n`,
    )
    const calls = stderr.trimEnd().split('\n')
    assert.ok(
      calls.every((call) => /^(ioctl|read|write) /.test(call)),
      stderr,
    )
    const sets = calls.filter((call) => call.includes(' SET TPH_ST index '))
    assert.deepEqual(sets, [
      'ioctl VFIO_DEVICE_FEATURE SET TPH_ST index 4 count 2 pm cpus 2,2 = 0 [18 00 00 00 0e 00 02 00 01 00 00 00 04 00 02 00 02 00 00 00 02 00 00 00]',
      'ioctl VFIO_DEVICE_FEATURE SET TPH_ST index 6 count 2 vm cpus none,1 = 0 [18 00 00 00 0e 00 02 00 00 00 00 00 06 00 02 00 ff ff ff ff 01 00 00 00]',
    ])
    assert.ok(
      calls.some((call) => call.startsWith('ioctl VFIO_DEVICE_FEATURE PROBE SET TPH_ST = 0')),
    )
  })

  it('set reads entries of one device and lines of several, up to 2048 in one call', async () => {
    const [one, many] = await Promise.all([
      answer<SetResult>(`set ${tableless} -`, { stdin: '# two\n0=0 2046=3\n' }),
      answer<SetResults>('set - --cycle', { stdin: `${capability} 10=2\n${msix} 0-2047=0-3\n` }),
    ])
    assert.deepEqual([one.changed, one.applied.map(({ index }) => index)], [true, [0, 2046]])
    assert.deepEqual(
      many.devices.map(({ device, changed, applied }) => [device, changed, applied[0]?.count]),
      [
        [capability, true, 1],
        [msix, true, 2048],
      ],
    )
    const expected = Array.from({ length: 2048 }, (_, i) => tagOf.vm(i % 4))
    assert.deepEqual(
      onBorrowed(msix, (dev) => tags(dev, 0, 2048)),
      expected,
    )
    assert.ok(isTag(10, tagOf.vm(2))())
    assert.deepEqual(
      onBorrowed(tableless, (dev) => tags(dev, 2046, 2)),
      [tagOf.narrow(3), 0],
    )
  })

  it('get answers as table and json', async () => {
    const [table, json] = await Promise.all([
      succeed(`get ${capability} 4,6 -o table`),
      answer<GetResult>(`get ${capability} 4,6`),
    ])
    assert.equal(
      table.stdout,
      'INDEX  ST      CPU  MEMORY-TYPE\n4      0x0202  2    pm\n6      0x0000  -    -\n',
    )
    assert.deepEqual(json.entries, [
      { index: 4, st: tagOf.pm(2), cpu: 2, memoryType: 'pm' },
      { index: 6, st: 0, cpu: null, memoryType: null },
    ])
  })

  it('enable, verify and disable; tag leaves nothing behind', async () => {
    const [on, asked] = await Promise.all([
      answer<ControlResult>(`enable ${capability} --mode iv`),
      answer<TagResult>(`tag ${tableless} 0-3 --mem-type pm`),
    ])
    assert.deepEqual(
      asked.tags.map(({ cpu, st }) => [cpu, st]),
      [0, 1, 2, 3].map((cpu) => [cpu, 1 + tagOf.narrow(cpu)]),
    )
    assert.deepEqual(
      onBorrowed(tableless, (dev) => tags(dev, 2047, 1)),
      [0],
    )
    assert.deepEqual([on.changed, on.control], [true, { mode: 'iv', requester: 'extended' }])
    assert.equal(hardwareControl(capability), 0x301)
    const same = await answer<VerifyResult>(`verify ${capability}`)
    assert.deepEqual([same.state, same.compared], ['same', 64])
    const other = await answer<ControlResult>(`enable ${capability} --mode ds`)
    assert.deepEqual([other.before, other.control.mode], [on.control, 'ds'])
    assert.equal(hardwareControl(capability), 0x302)
    const off = await answer<ControlResult>(`disable ${capability}`)
    assert.deepEqual([off.changed, off.control], [true, { mode: 'none', requester: 'off' }])
    assert.equal(hardwareControl(capability), 0)
    assert.deepEqual(await lines(`verify ${capability}`), [
      `${capability}\tinactive\t-\t-\t-\tTPH is off`,
    ])
  })

  it('clear, and undo with the CPUs as they were', async () => {
    const all = () => onBorrowed(capability, (dev) => tags(dev, 0, 64))
    const before = all()
    await succeed(`clear ${capability} 0-63`)
    assert.deepEqual(all(), Array(64).fill(0))
    const { devices } = await answer<SetResults>('undo')
    assert.deepEqual(
      devices.map(({ device, changed }) => [device, changed]),
      [[capability, true]],
    )
    assert.deepEqual(all(), before)
    const cpus = (await lines(`get ${capability} 4,8`)).map((line) => line.split('\t')[2])
    assert.deepEqual(cpus, ['2', '1'])
  })

  it('hold ends at SIGTERM', async () => {
    const { status, stderr } = await holder.end()
    assert.equal(status, 143)
    assert.equal(stderr.split('\n').length, 2)
  })

  after(() => holder?.end('SIGKILL'))
})
