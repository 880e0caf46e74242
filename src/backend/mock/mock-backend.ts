import { join } from 'node:path'
import type { InterfaceName } from '../../abi/interface-names.ts'
import type { Bdf } from '../../args/bdf.ts'
import { BusyError } from '../../errors.ts'
import { refuseLink } from '../../make-directory.ts'
import { idText } from '../../pci/id-text.ts'
import { systemError } from '../../system-error.ts'
import type { Interrupt } from '../../topology/interrupt.ts'
import { nobodyOwns } from '../owner-errors.ts'
import type { Backend, Device, Lock, Owner, PciFunction } from '../types.ts'
import { acquire } from './acquire.ts'
import type { EmulatedFunction } from './emulated-function.ts'
import { Faults } from './faults.ts'
import { GenerationLock } from './generation-lock.ts'
import type { EmulatedKernel } from './kernel-ioctl.ts'
import { MockDevice } from './mock-device.ts'
import type { EmulatedFunctions, MockHost } from './mock-host.ts'
import { mockInterrupts } from './mock-interrupts.ts'
import { MOCK_TOPOLOGY } from './mock-topology.ts'
import { MockStore } from './store.ts'

export { resetMock } from './reset-mock.ts'
export { mockStatePath } from './state-path.ts'

/** The process that holds every emulated device open. */
const MOCK_OWNER: Owner = {
  pid: 4242,
  command: 'mock-owner',
  fd: 9,
  startTime: '1',
  allowedCpus: MOCK_TOPOLOGY.online,
}

/** What the mock is made with. */
export interface MockOptions {
  readonly host: MockHost
  /** Where the state of emulated devices is kept between commands. */
  readonly statePath: string
  /** See `Faults`; empty for none. */
  readonly faults: string
  /** The interface for steering tags that its kernel has; `tph-st` unless told. */
  readonly abi?: InterfaceName
}

/** An emulated host behind the Backend interface. */
export class MockBackend implements Backend {
  readonly name = 'mock'
  readonly topology = MOCK_TOPOLOGY
  readonly bootId = 'mock'
  readonly tphStruct: Backend['tphStruct']
  readonly notes: readonly string[]
  readonly ledger: Backend['ledger']
  /** The state of this host's functions. */
  readonly store: MockStore
  readonly #functions: EmulatedFunctions
  readonly #faults: Faults
  /** Of all hosts whose state is in that file. */
  readonly #folders: { readonly ledger: string; readonly locks: string }
  readonly #lockDirectory: string
  readonly #kernel: EmulatedKernel

  constructor({ host, statePath, faults, abi = 'tph-st' }: MockOptions) {
    this.tphStruct = abi === 'tph-st' ? 'present' : 'missing'
    this.#kernel = { abi, possibleCpus: new Set(MOCK_TOPOLOGY.possible) }
    this.notes = host.notes
    this.#functions = host.functions
    this.#faults = new Faults(faults)
    this.store = new MockStore(statePath, host.key, (bdf) => this.#emulated(bdf).image)
    this.#folders = { ledger: `${statePath}.ledger`, locks: `${statePath}.locks` }
    this.ledger = { directory: join(this.#folders.ledger, host.key), sync: false }
    this.#lockDirectory = join(this.#folders.locks, host.key)
  }

  /** Nothing is kept that another process could change: the store looks at its file each time. */
  forget(): void {}

  functions(): readonly PciFunction[] {
    return this.#functions.bdfs.map((bdf) => new MockFunction(this.#emulated(bdf), this.store))
  }

  find(bdf: Bdf): PciFunction | null {
    const emulated = this.#functions.find(bdf)
    return emulated === null ? null : new MockFunction(emulated, this.store)
  }

  interrupts(bdf: Bdf): readonly Interrupt[] {
    const emulated = this.#emulated(bdf)
    const position = this.#functions.bdfs.indexOf(bdf)
    return this.store.read(bdf, (memory) => mockInterrupts(emulated, memory, position))
  }

  requireOwner(bdf: Bdf): Owner {
    if (this.#emulated(bdf).owned) return MOCK_OWNER
    throw nobodyOwns(bdf)
  }

  hold(bdf: Bdf): Lock {
    const { pid, command } = this.requireOwner(bdf)
    const message = `Cannot hold the device: EBUSY, pid ${pid} (${command}) has it open`
    throw new BusyError(message, {
      device: bdf,
      errno: 'EBUSY',
      hint: 'use the other commands on it',
    })
  }

  notify(): void {}

  borrow(bdf: Bdf): Device {
    this.requireOwner(bdf)
    return new MockDevice(this.#emulated(bdf), this.store, this.#faults, this.#kernel)
  }

  lock(bdf: Bdf, waitSeconds: number): Lock {
    const lock = new GenerationLock(join(this.#lockDirectory, bdf))
    try {
      for (const folder of Object.values(this.#folders)) refuseLink(folder)
      acquire(lock, waitSeconds, 'the device', 'wait for it with --wait SECONDS')
    } catch (error) {
      throw systemError('lock the device', error)
    }
    return lock
  }

  #emulated(bdf: Bdf): EmulatedFunction {
    const emulated = this.#functions.find(bdf)
    if (emulated === null) throw new RangeError(`no emulated function ${bdf}`)
    return emulated
  }
}

class MockFunction implements PciFunction {
  readonly ownerVisible = true
  readonly #emulated: EmulatedFunction
  readonly #store: MockStore

  constructor(emulated: EmulatedFunction, store: MockStore) {
    this.#emulated = emulated
    this.#store = store
  }

  get bdf(): Bdf {
    return this.#emulated.bdf
  }

  get vendorId(): string {
    return this.#idAt(0)
  }

  get deviceId(): string {
    return this.#idAt(2)
  }

  get driver(): string | null {
    return this.#emulated.driver
  }

  get iommuGroup(): number | null {
    return this.#emulated.iommuGroup
  }

  get numaNode(): number | null {
    return this.#emulated.numaNode
  }

  get localCpus(): readonly number[] {
    const node = MOCK_TOPOLOGY.nodes.find(({ id }) => id === this.numaNode)
    return node?.cpus ?? MOCK_TOPOLOGY.online
  }

  get config(): PciFunction['config'] {
    const bytes = this.#store.read(this.bdf, ({ config }) => config.slice())
    return { bytes, missing: 'not-in-dump' }
  }

  get completer(): PciFunction['completer'] {
    return this.#emulated.completer
  }

  get owner(): Owner | null {
    return this.#emulated.owned ? MOCK_OWNER : null
  }

  #idAt(offset: number): string {
    const { config } = this.#emulated
    const id = (config[offset] ?? 0xff) | ((config[offset + 1] ?? 0xff) << 8)
    return idText(id)
  }
}
