import { join } from 'node:path'
import type { Backend, Lock, Owner, PciFunction } from '../../src/backend/types.ts'
import { BusyError, UsageError } from '../../src/errors.ts'
import type { Interrupt } from '../../src/topology/interrupt.ts'
import type { Host } from '../../src/tph/host.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { machine } from '../topology/machine.ts'
import { ScriptedDevice } from './scripted-device.ts'

/** The one device of most tests. */
export const BDF = '0000:81:00.0'

/** A host of scripted devices, in the memory of the test; only its ledgers are files. */
export class ScriptedBackend implements Backend {
  readonly name = 'mock'
  readonly topology = machine
  readonly tphStruct = 'present'
  readonly notes: readonly string[] = []
  readonly ledger: { directory: string; sync: boolean }
  readonly devices: readonly ScriptedDevice[]
  bootId = 'boot-1'
  owner: Owner = { pid: 4711, command: 'qemu', fd: 30, startTime: '99', allowedCpus: null }
  irqs: readonly Interrupt[] = []
  locked = 0
  /** Runs when a lock is asked for. */
  onLock: (bdf: string) => void = () => {}

  constructor(devices: readonly ScriptedDevice[], directory: string) {
    this.devices = devices
    this.ledger = { directory, sync: false }
  }

  functions(): PciFunction[] {
    return this.devices.map((device) => ({
      bdf: device.bdf,
      vendorId: '1234',
      deviceId: '5678',
      driver: 'vfio-pci',
      iommuGroup: 1,
      numaNode: 0,
      localCpus: [0, 1, 2, 3, 4, 5, 6, 7],
      config: { bytes: device.config, missing: 'not-readable' },
      completer: 'extended',
      owner: this.owner,
      ownerVisible: true,
    }))
  }

  find(bdf: string): PciFunction | null {
    return this.functions().find((one) => one.bdf === bdf) ?? null
  }

  interrupts(): readonly Interrupt[] {
    return this.irqs
  }

  requireOwner(): Owner {
    return this.owner
  }

  borrow(bdf: string): ScriptedDevice {
    const device = this.devices.find((one) => one.bdf === bdf)
    if (device === undefined) throw new RangeError(bdf)
    device.opens += 1
    return device
  }

  hold(): Lock {
    throw new BusyError('Cannot hold the device: a test has it')
  }

  forget(): void {}

  notify(): void {}

  lock(bdf: string): Lock {
    this.onLock(bdf)
    this.locked += 1
    return {
      release: () => {
        this.locked -= 1
      },
    }
  }
}

/** A host, its devices and what it told the user. */
export interface Rig {
  readonly backend: ScriptedBackend
  readonly host: Host
  /** The first device. */
  readonly device: ScriptedDevice
  readonly devices: readonly ScriptedDevice[]
  /** Notes and warnings as they came. */
  readonly told: string[]
}

/** A fresh host of such devices, by default of one with a table of 64. */
export function rigOf(
  devices: readonly ScriptedDevice[] = [new ScriptedDevice(BDF)],
  { strict = false } = {},
): Rig {
  const backend = new ScriptedBackend(devices, join(temporaryDirectory(), 'ledger'))
  const told: string[] = []
  const notices = {
    note: (text: string) => void told.push(text),
    warn(text: string) {
      if (strict) throw new UsageError(text)
      told.push(text)
    },
  }
  const host = { backend, notices, featureIndex: 14, waitSeconds: 0, strict, trace: null }
  const [device] = devices
  if (device === undefined) throw new RangeError('no device')
  return { backend, host, device, devices, told }
}

/** The same host under `-v`, and the lines that it shows. */
export function traced({ host }: Pick<Rig, 'host'>): { host: Host; lines: readonly string[] } {
  const lines: string[] = []
  return { host: { ...host, trace: (line) => void lines.push(line) }, lines }
}
