import type { Backend, Device } from '../../src/backend/types.ts'

/**
 * What a device is there for: its ST table in the capability, in the MSI-X table or nowhere, or no TPH at all.
 */
export type Role = 'capability' | 'msix' | 'tableless' | 'plain'

/** Entries of the kernel's table, by role; the device without TPH has none. */
export const ENTRIES = { capability: 64, msix: 2048, tableless: 2048 } as const

/** A device on which malformed calls can be made too. */
export interface Borrowed {
  readonly device: Device
  /**
   * One ioctl whose buffer ends where readable memory ends: what it claims beyond `bytes` is a bad pointer. The reply
   * is written over `bytes`.
   *
   * @returns 0 or more, or the negative errno
   */
  ioctlAtEdge(request: number, bytes: Uint8Array): number
}

/** What the built program came to. */
export interface ProgramRun {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A host with the four devices, each open in an owner: the mock, or a guest with the real kernel. */
export interface World {
  readonly name: 'mock' | 'kernel'
  /** How functions, CPUs and sysfs' view of config space are seen. */
  readonly backend: Backend
  bdf(role: Role): string
  /** Makes the owner close the device for good and open it again; nothing that was borrowed may be open. */
  reopen(role: Role): Promise<void>
  /** Borrows the owner's fd as it is now. The caller closes it. */
  borrow(role: Role): Borrowed
  /** An fd that VFIO_DEVICE_SET_IRQS takes as an eventfd, open until the world is closed. */
  eventfd(): number
  /** Runs the built program on this host. */
  program(argv: readonly string[], stdin?: string): Promise<ProgramRun>
  close(): Promise<void>
}

/** One thing that mock and kernel do alike. */
export interface ContractCase {
  readonly name: string
  /** The devices it uses, which are opened afresh before it runs. */
  readonly roles: readonly Role[]
  /** @throws AssertionError, of node:assert, since more than one test runner runs it */
  run(world: World): void | Promise<void>
}

/** Cases of one subject. */
export interface ContractTheme {
  readonly name: string
  readonly cases: readonly ContractCase[]
}

/** Runs a case on devices that were just opened. */
export async function runCase(world: World, { roles, run }: ContractCase): Promise<void> {
  for (const role of roles) await world.reopen(role)
  await run(world)
}
