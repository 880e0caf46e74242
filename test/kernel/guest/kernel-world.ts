import { closeSync, existsSync, rmSync } from 'node:fs'
import { LinuxDevice } from '../../../src/backend/linux/linux-device.ts'
import { openLinux } from '../../../src/backend/linux/open-linux.ts'
import { runProgram } from '../../contract/run-program.ts'
import type { Borrowed, Role, World } from '../../contract/world.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { eventfd, GuardedMemory } from './guarded-memory.ts'
import type { Way } from './owner.ts'
import { OwnerProcess } from './owner-process.ts'

const BDFS = {
  capability: '0001:81:00.0',
  msix: '0001:82:00.0',
  tableless: '0001:83:00.0',
  plain: '0001:84:00.0',
} as const

/** A device of the guest, on which the memory of a call can be had read-only. */
export interface GuestBorrowed extends Borrowed {
  /** One ioctl whose buffer the kernel can read and not write. */
  ioctlReadOnly(request: number, bytes: Uint8Array): number
}

/** The guest: devices of the emulated NIC, on the driver. */
export interface KernelWorld extends World {
  borrow(role: Role): GuestBorrowed
  /** Kills the owner; the next `reopen` starts another one. */
  killOwner(): Promise<void>
}

/**
 * The guest that this runs in.
 *
 * @param program the script to start as the owner
 * @throws Error when this is not the guest
 */
export async function kernelWorld(program: string, way: Way): Promise<KernelWorld> {
  requireGuest()
  const memory = new GuardedMemory()
  const eventfds: number[] = []
  const open = new Set<Role>()
  let owner = await OwnerProcess.start(program, way)
  let isAlive = true
  const backendFor = (pid: number) =>
    openLinux(
      { root: null, pid, fd: null, open: null, ephemeral: false },
      fakeIo({ env: process.env }).io,
    )
  let backend = backendFor(owner.pid)
  return {
    name: 'kernel',
    get backend() {
      return backend
    },
    bdf: (role) => BDFS[role],
    async reopen(role) {
      if (!isAlive) {
        owner = await OwnerProcess.start(program, way)
        backend = backendFor(owner.pid)
        isAlive = true
      }
      if (open.has(role)) await owner.obey(`close ${BDFS[role]}`)
      open.delete(role)
      await owner.obey(`open ${BDFS[role]}`)
      open.add(role)
      rmSync(`${backend.ledger.directory}/${BDFS[role]}.json`, { force: true })
    },
    borrow(role) {
      const device = backend.borrow(BDFS[role])
      if (!(device instanceof LinuxDevice)) throw new TypeError('borrowed something else')
      const call = (writable: boolean) => (request: number, bytes: Uint8Array) =>
        memory.ioctl(device.fd, request, bytes, writable)
      return { device, ioctlAtEdge: call(true), ioctlReadOnly: call(false) }
    },
    eventfd() {
      const fd = eventfd()
      eventfds.push(fd)
      return fd
    },
    program: (argv, stdin = '') => runProgram('tphctl', argv, stdin, process.env),
    async killOwner() {
      await owner.end('killed')
      open.clear()
      isAlive = false
    },
    async close() {
      await owner.end()
      for (const fd of eventfds) closeSync(fd)
    },
  }
}

function requireGuest(): void {
  for (const path of ['/dev/vfio', `/sys/bus/pci/devices/${BDFS.capability}`]) {
    if (existsSync(path)) continue
    throw new Error(`there is no ${path}: this runs in the guest, by "npm run test:kernel"`)
  }
}
