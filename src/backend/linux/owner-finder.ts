import { nobodyOwns, ownersHidden } from '../owner-errors.ts'
import type { Owner } from '../types.ts'
import { once } from './once.ts'
import type { OwnerLookup } from './owner-lookup.ts'
import {
  type DeviceDescriptor,
  type Match,
  matchInProcess,
  type OwnedFunction,
} from './owner-match.ts'
import {
  ambiguous,
  type Candidate,
  hiddenProcess,
  type NamedProcess,
  noSuchDescriptor,
  noSuchProcess,
  notItsOwner,
  otherDescriptor,
} from './owner-refusals.ts'
import { lookInto, type Scan, scanProcesses, type VfioProcess } from './owner-scan.ts'
import { allowedCpus, command, startTime } from './proc.ts'
import type { Root } from './root.ts'

/** What the user said about the owner (`--pid`, `--fd`). */
export interface OwnerWish {
  readonly pid: number | null
  readonly fd: number | null
}

/** Finds the processes that hold devices open (uapi section 2, "Finding the owner"). Processes are looked at once, until `forget`. */
export class OwnerFinder implements OwnerLookup {
  readonly #root: Root
  readonly #self: number | null
  #kept: Scan | null = null

  /** @param self the process that never counts as an owner unless it is named; null for none */
  constructor(root: Root, self: number | null = root.isRunningHost ? process.pid : null) {
    this.#root = root
    this.#self = self
  }

  /**
   * The owner that runs longest, by its lowest fd: others may have borrowed from it just now. `visible` is false when a null owner does not mean that there is none:
   * processes cannot be seen, or one holds devices that cannot be told apart.
   */
  ownerOf(fn: OwnedFunction): { owner: Owner | null; visible: boolean } {
    const owner = this.#firstOwner(fn, this.#scan.processes)
    if (owner !== null) return { owner, visible: true }
    return { owner, visible: !this.#scan.hidden && this.#unsure(fn).length === 0 }
  }

  /**
   * The owner, or the one that the user named; an fd without a pid is one of this process.
   *
   * @throws BusyError when nobody owns the device or it cannot be told who; NotFoundError when what was named is not its owner;
   * PermissionError when that cannot be seen
   */
  find(fn: OwnedFunction, { pid, fd }: OwnerWish): Owner {
    if (pid !== null) return this.#findIn(fn, pid, fd)
    if (fd !== null) return this.#findIn(fn, process.pid, fd)
    const { owner } = this.ownerOf(fn)
    if (owner !== null) return owner
    const candidates = this.#unsure(fn)
    if (candidates.length > 0) throw ambiguous(fn.bdf, candidates)
    throw this.#scan.hidden ? ownersHidden(fn.bdf) : nobodyOwns(fn.bdf)
  }

  /** Processes are looked at anew when next asked for: for programs that go on. */
  forget(): void {
    this.#kept = null
  }

  get #scan(): Scan {
    this.#kept ??= scanProcesses(this.#root, this.#self)
    return this.#kept
  }

  #findIn(fn: OwnedFunction, pid: number, fd: number | null): Owner {
    const name = command(this.#root, pid)
    const looked = lookInto(this.#root, pid)
    if (looked === 'forbidden') throw hiddenProcess(fn.bdf, pid, name)
    if (name === null) throw noSuchProcess(fn.bdf, pid)
    const process = { pid, command: name }
    const owner =
      fd === null ? this.#firstOwner(fn, [looked]) : this.#named(fn, process, looked, fd)
    if (owner !== null) return owner
    const fds = this.#unsureFds(fn, looked)
    if (fds.length === 0) throw notItsOwner(fn.bdf, process)
    throw ambiguous(fn.bdf, [{ ...process, fds }])
  }

  /** The user's word counts where the descriptor itself does not say that it is another device. */
  #named(fn: OwnedFunction, process: NamedProcess, looked: VfioProcess, fd: number): Owner | null {
    const device = looked.devices.find((one) => one.fd === fd)
    if (device !== undefined && this.#match(fn, looked, device) !== 'no') {
      return this.#owner(process.pid, fd)
    }
    const path = `/proc/${process.pid}/fd/${fd}`
    const link = this.#root.link(path)
    if (link === null) throw noSuchDescriptor(fn.bdf, process, fd)
    throw otherDescriptor(fn.bdf, process, fd, device?.saidBdf ?? link)
  }

  #firstOwner(fn: OwnedFunction, processes: readonly VfioProcess[]): Owner | null {
    const owners = processes.flatMap((process) => {
      const device = process.devices.find((one) => this.#match(fn, process, one) === 'yes')
      return device === undefined ? [] : (this.#owner(process.pid, device.fd) ?? [])
    })
    const [first = null] = owners.sort((a, b) => Number(a.startTime) - Number(b.startTime))
    return first
  }

  /** The processes that may hold the device or another one. */
  #unsure(fn: OwnedFunction): Candidate[] {
    return this.#scan.processes.flatMap((process) => {
      const fds = this.#unsureFds(fn, process)
      if (fds.length === 0) return []
      return [{ pid: process.pid, command: command(this.#root, process.pid) ?? '?', fds }]
    })
  }

  #unsureFds(fn: OwnedFunction, process: VfioProcess): number[] {
    const unsure = process.devices.filter((one) => this.#match(fn, process, one) === 'unsure')
    return unsure.map(({ fd }) => fd)
  }

  #match(fn: OwnedFunction, { groups }: VfioProcess, device: DeviceDescriptor): Match {
    return matchInProcess(this.#root, fn, groups, device)
  }

  /** Null when the process is gone. */
  #owner(pid: number, fd: number): Owner | null {
    const name = command(this.#root, pid)
    const start = startTime(this.#root, pid)
    if (name === null || start === null) return null
    const allowed = once(() => allowedCpus(this.#root, pid))
    return {
      pid,
      command: name,
      fd,
      startTime: start,
      // Read from every thread of the process, so only for whoever asks.
      get allowedCpus() {
        return allowed()
      },
    }
  }
}
