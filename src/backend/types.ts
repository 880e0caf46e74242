import type { Bdf } from '../args/bdf.ts'
import type { Completer } from '../pci/express.ts'
import type { Interrupt } from '../topology/interrupt.ts'
import type { DeviceLocality, Topology } from '../topology/topology.ts'
import type { BundleItem, HostFacts } from './host-facts.ts'

export type { BundleItem, HostFacts, Reading } from './host-facts.ts'

/**
 * An open VFIO device: the one seam between tphctl and whatever answers it. What passes is the bytes that
 * `ioctl(2)`, `pread(2)` and `pwrite(2)` would see, so an implementation needs to know nothing of its callers.
 */
export interface Device {
  readonly bdf: Bdf
  /**
   * One ioctl on the device fd. The device reads `bytes` and may write its reply over them.
   *
   * @returns 0 or more, or the negative errno
   */
  ioctl(request: number, bytes: Uint8Array): number
  /**
   * Reads config space as the device fd shows it (region 7).
   *
   * @returns at most `length` bytes; fewer when the rest is not visible
   * @throws CallError with the errno
   */
  readConfig(offset: number, length: number): Uint8Array
  /**
   * Writes config space through the device fd, all bytes in one access. What hardware or vfio does not let anybody
   * write is ignored there, without an error.
   *
   * @throws CallError with the errno
   */
  writeConfig(offset: number, bytes: Uint8Array): void
  /**
   * Reads the memory behind a BAR, which is the hardware itself. The function's memory decoding must be on and its power state
   * D0: the kernel ends a process that reads it otherwise.
   *
   * @param offset and `length` in bytes, multiples of 4
   * @throws CallError with the errno; ENODEV where that part of the BAR cannot be mapped
   */
  readBar(bar: number, offset: number, length: number): Uint8Array
  /** Gives the fd back. Called once, by whoever opened. */
  close(): void
}

/** A system call that failed below the Device line. */
export class CallError extends Error {
  override readonly name = 'CallError'
  /** The call, as `read`, `write` or `open`. */
  readonly call: string
  /** The positive errno. */
  readonly errno: number
  constructor(call: string, errno: number) {
    super(`${call} failed with errno ${errno}`)
    this.call = call
    this.errno = errno
  }
}

/** The process that holds a device open. */
export interface Owner {
  readonly pid: number
  readonly command: string
  /** The device's fd in that process. */
  readonly fd: number
  /** Start time as in field 22 of /proc/PID/stat: with the pid it names one process of a boot. */
  readonly startTime: string
  /** The CPUs its threads may run on; null when that cannot be seen. */
  readonly allowedCpus: readonly number[] | null
}

/** Config space seen without opening the device: sysfs `config` of a host, or the bytes of a dump. */
export interface HardwareConfig {
  readonly bytes: Uint8Array
  /** Why bytes are missing when they are: rights, or the dump stops there. */
  readonly missing: 'not-readable' | 'not-in-dump'
}

/** One PCI function of the host. Members may be read from the host when they are asked for. */
export interface PciFunction extends DeviceLocality {
  readonly bdf: Bdf
  /** Four lower-case hex digits. */
  readonly vendorId: string
  /** Four lower-case hex digits. */
  readonly deviceId: string
  readonly driver: string | null
  readonly iommuGroup: number | null
  readonly config: HardwareConfig
  /** The TPH completer support of the root port above; null when there is none or it is not visible. */
  readonly completer: Completer | null
  readonly owner: Owner | null
  /** False when other users' processes cannot be seen, so that a null owner says nothing. */
  readonly ownerVisible: boolean
}

/** Something that one command has until it gives it back, such as a device's lock. */
export interface Lock {
  release(): void
}

/** Where the ledger of a backend lies. */
export interface LedgerPlace {
  readonly directory: string
  /** The user to whom alone the directory must belong; left out where the user chose the place. */
  readonly user?: number
  /** Whether files are synced to disk before they count. */
  readonly sync: boolean
}

/** A host: its PCI functions, its CPUs, and the way to its devices. */
export interface Backend {
  readonly name: 'linux' | 'mock'
  readonly topology: Topology
  /** Names this boot of the host: what was recorded under another one is void. */
  readonly bootId: string
  readonly ledger: LedgerPlace
  /** Whether the running kernel's type information names the structure of TPH_ST (uapi section 1, guard part 4). */
  readonly tphStruct: 'present' | 'missing' | 'unknown'
  /** Oddities found while reading the host, each a sentence for the user. */
  readonly notes: readonly string[]
  /** What was read from the host and kept is read anew when it is next asked for: for programs that go on. */
  forget(): void
  /** Every PCI function, in BDF order. */
  functions(): readonly PciFunction[]
  /** The function with that BDF; null when the host has none. */
  find(bdf: Bdf): PciFunction | null
  /**
   * The MSI and MSI-X interrupts that the kernel has for a function, in the order of their numbers; none while its driver or
   * owner uses none.
   *
   * @throws TphctlError when what the host says of them cannot be read
   */
  interrupts(bdf: Bdf): readonly Interrupt[]
  /**
   * The process whose open fd `borrow` lends.
   *
   * @throws BusyError when nobody owns the device; PermissionError when that cannot be seen; NotFoundError when the process
   * that was named is not its owner
   */
  requireOwner(bdf: Bdf): Owner
  /**
   * Borrows the owner's open fd of the device.
   *
   * @throws what `requireOwner` throws; BusyError, PermissionError when the fd cannot be had
   */
  borrow(bdf: Bdf): Device
  /**
   * Opens a device that nobody owns and keeps it, so that this process is its owner until `release`. Devices may share what it took
   * to open them: release them in the reverse order.
   *
   * @param vfToken the token of a VF whose PF is on vfio-pci, a UUID
   * @throws BusyError when somebody owns it; the step that failed otherwise
   */
  hold(bdf: Bdf, vfToken: string | null): Lock
  /**
   * Tells the service manager that started this process how it does, where there is one (sd_notify(3)).
   *
   * @param state such as `READY=1`
   */
  notify(state: string): void
  /**
   * Takes the device's lock, waiting at most so many seconds; it goes with the process that holds it.
   *
   * @throws BusyError naming the holder
   */
  lock(bdf: Bdf, waitSeconds: number): Lock
  /** What a real host tells of itself; an emulated one has nothing of the kind. */
  facts?(): Promise<HostFacts>
  /** Begins to note which files are read, to copy them; an emulated host has none. */
  gather?(): Promise<Gathering>
}

/** A host that is being gathered. */
export interface Gathering {
  /** The same host; what is read of it from now on goes into the bundle. */
  readonly backend: Backend
  /** What was read until now. */
  items(): readonly BundleItem[]
  /**
   * Writes what was read until now to a folder that is not there yet, or empty.
   *
   * @param more texts to put beside it, by file name
   * @throws UsageError when the folder is not empty; TphctlError when it cannot be written
   */
  save(directory: string, more: Readonly<Record<string, string>>): void
}
