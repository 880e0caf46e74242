import type { Libc } from '../../../native-shims/libc.ts'
import type { Bdf } from '../../args/bdf.ts'
import { BusyError } from '../../errors.ts'
import type { Interrupt } from '../../topology/interrupt.ts'
import type { Topology } from '../../topology/topology.ts'
import type { HostFacts } from '../host-facts.ts'
import type { Backend, Device, Gathering, Lock, Owner, PciFunction } from '../types.ts'
import { borrowFd, inheritedFd } from './borrow.ts'
import { structInBtf, TPH_STRUCT } from './btf.ts'
import { takeFlock } from './flock-lock.ts'
import { readInterrupts } from './interrupts.ts'
import { LinuxDevice } from './linux-device.ts'
import { LinuxFunction, listFunctions } from './linux-function.ts'
import { readTopology } from './linux-topology.ts'
import { once } from './once.ts'
import { type OpenedDevice, openDevice } from './open-device.ts'
import { OwnerFinder } from './owner-finder.ts'
import { devicePath } from './pci-devices.ts'
import type { Root } from './root.ts'
import { notifySystemd } from './sd-notify.ts'

const EPHEMERAL_NOTE =
  'a device that nobody owns is opened for this command only (--ephemeral): it is reset now and again at the end, and its tags are gone then'

/** What the backend of a real host is made with. */
export interface LinuxOptions {
  readonly root: Root
  /** Gives the native calls; asked for only when one is to be made. @throws TphctlError when there are none */
  libc(): Libc
  /** The owner's pid and its fd of the device, where the user named them. */
  readonly pid: number | null
  readonly fd: number | null
  /** How to open a device that nobody owns; null for the better way there is. */
  readonly how: 'cdev' | 'group' | null
  /** Whether a device that nobody owns is opened for the time of one command. */
  readonly ephemeral: boolean
  /** Where ledgers and locks lie. */
  readonly runtimeDirectory: string
  /** The effective user id of this process. */
  readonly user: number
  /** This process, which owns what it holds. */
  readonly self: Owner
  /** The service manager's socket; null without one. */
  readonly notifySocket: string | null
}

/** The host this runs on, or a copy of one below another root. */
export class LinuxBackend implements Backend {
  readonly name = 'linux'
  readonly ledger: Backend['ledger']
  readonly notes: readonly string[]
  readonly #options: LinuxOptions
  readonly #owners: OwnerFinder
  readonly #held = new Map<Bdf, OpenedDevice>()
  readonly #tphStruct: () => Backend['tphStruct']
  #topology: () => Topology

  constructor(options: LinuxOptions) {
    this.#options = options
    this.#owners = new OwnerFinder(options.root)
    this.#topology = this.#readOnce()
    this.#tphStruct = once(() => structInBtf(options.root, TPH_STRUCT))
    this.notes = options.ephemeral ? [EPHEMERAL_NOTE] : []
    this.ledger = { directory: options.runtimeDirectory, user: options.user, sync: true }
  }

  get topology(): Topology {
    return this.#topology()
  }

  get bootId(): string {
    return this.#options.root.text('/proc/sys/kernel/random/boot_id') ?? 'unknown'
  }

  get tphStruct(): Backend['tphStruct'] {
    return this.#tphStruct()
  }

  forget(): void {
    this.#owners.forget()
    this.#topology = this.#readOnce()
  }

  functions(): readonly PciFunction[] {
    return listFunctions(this.#options.root).map((bdf) => this.#functionAt(bdf))
  }

  find(bdf: Bdf): PciFunction | null {
    const there = this.#options.root.text(devicePath(bdf, 'vendor')) !== null
    return there ? this.#functionAt(bdf) : null
  }

  interrupts(bdf: Bdf): readonly Interrupt[] {
    return readInterrupts(this.#options.root, bdf)
  }

  requireOwner(bdf: Bdf): Owner {
    const { pid, fd, self, ephemeral } = this.#options
    if (this.#held.has(bdf)) return self
    const fn = this.#functionAt(bdf)
    const { owner, visible } = this.#owners.ownerOf(fn)
    // An inherited fd is shared with whoever gave it to us: that process is the owner for longer than we are.
    if (pid === null && fd !== null && owner !== null) return owner
    if (pid === null && fd === null && owner === null && visible && ephemeral) return self
    return this.#owners.find(fn, { pid, fd })
  }

  borrow(bdf: Bdf): Device {
    const held = this.#held.get(bdf)
    if (held !== undefined) return closedBy(held.device, () => {})
    const { root, pid, fd, self, libc } = this.#options
    const fn = this.#functionAt(bdf)
    if (pid === null && fd !== null) {
      return new LinuxDevice(libc(), bdf, inheritedFd(root, libc(), fn, fd))
    }
    const owner = this.requireOwner(bdf)
    if (owner === self) return this.#openForNow(fn)
    return new LinuxDevice(libc(), bdf, borrowFd(root, libc(), fn, owner))
  }

  hold(bdf: Bdf, vfToken: string | null): Lock {
    const { root, how, libc } = this.#options
    const fn = this.#functionAt(bdf)
    const { owner } = this.#owners.ownerOf(fn)
    if (owner !== null) throw ownedBy(bdf, owner)
    const held = [...this.#held.values()]
    const opened = openDevice(root, libc(), fn, { how, vfToken }, held)
    this.#held.set(bdf, opened)
    return {
      release: () => {
        this.#held.delete(bdf)
        opened.close()
      },
    }
  }

  lock(bdf: Bdf, waitSeconds: number): Lock {
    const { libc, user } = this.#options
    return takeFlock(libc(), { directory: this.ledger.directory, user }, bdf, waitSeconds)
  }

  notify(state: string): void {
    const { notifySocket, libc } = this.#options
    if (notifySocket !== null) notifySystemd(libc(), notifySocket, state)
  }

  async facts(): Promise<HostFacts> {
    const { LinuxFacts } = await import('./linux-facts.ts')
    return new LinuxFacts(this.#options.root, this.#options.libc)
  }

  async gather(): Promise<Gathering> {
    const { LinuxGathering, RecordingRoot } = await import('./linux-gathering.ts')
    const root = new RecordingRoot(this.#options.root.locate('/'))
    // Whoever gathers looks: nothing is opened.
    const backend = new LinuxBackend({ ...this.#options, root, ephemeral: false })
    return new LinuxGathering(root, backend, this.#options.user)
  }

  #readOnce(): () => Topology {
    return once(() => readTopology(this.#options.root))
  }

  #functionAt(bdf: Bdf): LinuxFunction {
    return new LinuxFunction(this.#options.root, bdf, this.#owners)
  }

  #openForNow(fn: PciFunction): Device {
    const { root, how, libc } = this.#options
    const opened = openDevice(root, libc(), fn, { how, vfToken: null })
    return closedBy(opened.device, () => opened.close())
  }
}

/** The same device, but closing it does something else. */
function closedBy(device: Device, close: () => void): Device {
  return {
    bdf: device.bdf,
    ioctl: (request, bytes) => device.ioctl(request, bytes),
    readConfig: (offset, length) => device.readConfig(offset, length),
    writeConfig: (offset, bytes) => device.writeConfig(offset, bytes),
    readBar: (bar, offset, length) => device.readBar(bar, offset, length),
    close,
  }
}

function ownedBy(device: Bdf, { pid, command, fd }: Owner): BusyError {
  const message = `Cannot hold the device: EBUSY, pid ${pid} (${command}) has it open as fd ${fd}`
  const hint = 'the other commands borrow that fd: nothing needs to hold it'
  return new BusyError(message, { device, errno: 'EBUSY', hint })
}
