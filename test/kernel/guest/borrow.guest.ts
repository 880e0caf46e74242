import assert from 'node:assert/strict'
import { readFileSync, readlinkSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { GetResult, InfoResult, ListResult } from '../../../src/tph/results.ts'
import { tags } from '../../contract/feature.ts'
import { Holder } from './holder.ts'
import { BEHIND_IOMMU, backend, NIC, onBorrowed, openHere, tagOf } from './nic.ts'
import { runOwner, type Way } from './owner.ts'
import { OWNER, OwnerProcess } from './owner-process.ts'
import { answer, fail, lines, succeed } from './program.ts'

/** Borrowing from owners of every kind. Started with the word `owner` this program is such an owner itself. */

const [, program = '', word, way] = process.argv
const { capability, msix, tableless, unresettable } = NIC

/** What /proc says that a device is, by the way it was opened. */
const LINKS = {
  group: /^anon_inode:\[vfio-device\]$/,
  cdev: /^\/dev\/vfio\/devices\/noiommu-vfio\d+$/,
} as const

if (word === OWNER) runOwner(way === 'cdev' ? 'cdev' : 'group')
else registerTests()

function registerTests(): void {
  borrowFromHolders()
  borrowBehindIommu()
  borrowFromHere()
}

function borrowFromHolders(): void {
  describe('from holders that opened through groups and by cdev', () => {
    const held = { group: [capability, tableless], cdev: [unresettable, msix] } as const
    const holders = {} as Record<Way, Holder>
    const fds = new Map<string, number>()
    before(async () => {
      const start = async (way: Way) => {
        holders[way] = await Holder.start(`${held[way].join(' ')} --open ${way}`)
      }
      await Promise.all([start('group'), start('cdev')])
    })
    after(() => Promise.all(Object.values(holders).map((holder) => holder.end())))

    it('list finds each device by what fdinfo says', async () => {
      const { devices } = await answer<ListResult>('list')
      for (const way of ['group', 'cdev'] as const) {
        for (const bdf of held[way]) {
          const owner = devices.find(({ device }) => device === bdf)?.owner
          assert.ok(owner, bdf)
          const { pid, fd, command } = owner
          assert.deepEqual([pid, command], [holders[way].pid, 'tphctl'])
          assert.match(readlinkSync(`/proc/${pid}/fd/${fd}`), LINKS[way])
          const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')
          assert.match(info, new RegExp(`^vfio-device-syspath: /sys/devices/.*/${bdf}$`, 'm'))
          fds.set(bdf, fd)
        }
      }
    })

    it('set and get reach the device that was meant', async () => {
      await Promise.all([
        succeed(`set ${capability} 0=1`),
        succeed(`set ${unresettable} 0=2 --pid ${holders.cdev.pid}`),
      ])
      const [found, named] = await Promise.all([
        answer<GetResult>(`get ${unresettable} 0`),
        answer<GetResult>(
          `get ${capability} 0 --pid ${holders.group.pid} --fd ${fds.get(capability)}`,
        ),
      ])
      assert.deepEqual(found.entries, [{ index: 0, st: tagOf.vm(2), cpu: 2, memoryType: 'vm' }])
      assert.deepEqual(named.entries, [{ index: 0, st: tagOf.vm(1), cpu: 1, memoryType: 'vm' }])
      assert.deepEqual(
        onBorrowed(tableless, (dev) => tags(dev, 0, 1)),
        [0],
      )
      assert.deepEqual(
        onBorrowed(msix, (dev) => tags(dev, 0, 1)),
        [0],
      )
    })

    it('an fd or a process that is another one is refused', async () => {
      const { pid } = holders.group
      const [otherDevice, otherFile, otherProcess] = await Promise.all([
        fail(4, `get ${capability} 0 --pid ${pid} --fd ${fds.get(tableless)}`),
        fail(4, `set ${capability} 0=0 --pid ${pid} --fd 0`),
        fail(4, `enable ${capability} --mode iv --pid ${holders.cdev.pid}`),
      ])
      assert.match(otherDevice.message, new RegExp(`is "${tableless}", not this device$`))
      assert.match(
        otherFile.message,
        /fd 0 of pid \d+ \(tphctl\) is "\/dev\/null", not this device$/,
      )
      assert.match(otherProcess.message, /does not hold the device open$/)
      assert.deepEqual(
        onBorrowed(capability, (dev) => tags(dev, 0, 2)),
        [tagOf.vm(1), 0],
      )
    })
  })
}

function borrowBehindIommu(): void {
  describe('from an owner of devices behind an IOMMU', () => {
    const devices = Object.values(BEHIND_IOMMU)
    const owners: OwnerProcess[] = []
    before(async () => {
      const ways: readonly Way[] = ['group', 'cdev']
      owners.push(...(await Promise.all(ways.map((one) => OwnerProcess.start(program, one)))))
      for (const [i, owner] of owners.entries()) await owner.obey(`open ${devices[i]}`)
    })
    after(() => Promise.all(owners.map((owner) => owner.end())))

    it('info sees who has which, and that it has no TPH', async () => {
      const infos = await Promise.all(devices.map((bdf) => answer<InfoResult>(`info ${bdf}`)))
      for (const [i, { owner, iommuGroup, tphReason }] of infos.entries()) {
        assert.equal(owner?.pid, owners[i]?.pid)
        assert.notEqual(iommuGroup, null)
        assert.equal(tphReason, 'absent')
      }
      const links = infos.map(({ owner }) => readlinkSync(`/proc/${owner?.pid}/fd/${owner?.fd}`))
      assert.match(links[0] ?? '', LINKS.group)
      assert.match(links[1] ?? '', /^\/dev\/vfio\/devices\/vfio\d+$/)
    })

    it('their fds can be borrowed', () => {
      for (const bdf of devices) {
        const ids = onBorrowed(bdf, ({ device }) => device.readConfig(0, 4))
        assert.equal(Buffer.from(ids).toString('hex'), '361b0500')
      }
    })
  })
}

function borrowFromHere(): void {
  describe('from a program that is not tphctl', () => {
    it('an fd that tphctl inherits', async () => {
      const opened = openHere(msix, 'cdev')
      try {
        const options = { fd: opened.device.fd }
        assert.deepEqual(await lines(`set ${msix} 0-1=2,3 --fd 3`, options), [
          `${msix}\tapplied\t0\t2\tvm\t2-3\t-`,
        ])
        const [found, wrong] = await Promise.all([
          answer<GetResult>(`get ${msix} 0-1 --pid ${process.pid}`),
          fail(6, `get ${tableless} 0 --fd 3`, options),
        ])
        assert.deepEqual(
          found.entries.map(({ st }) => st),
          [tagOf.vm(2), tagOf.vm(3)],
        )
        assert.match(wrong.message, new RegExp(`is "${msix}", not this device`))
      } finally {
        opened.close()
      }
      assert.equal(backend().find(msix)?.owner, null)
    })
  })
}
