import type { Bdf } from '../args/bdf.ts'
import { BusyError, PermissionError } from '../errors.ts'

/** The error for work on a device that no process holds open. */
export function nobodyOwns(device: Bdf): BusyError {
  const message = 'Cannot reach the device: nobody holds it open, so its tags would be lost at once'
  const hint = `start the program that uses it (QEMU, DPDK, SPDK), or keep it open with "tphctl hold ${device}"`
  return new BusyError(message, { device, hint })
}

/** The error for work on a device whose owner, if any, belongs to somebody else. */
export function ownersHidden(device: Bdf): PermissionError {
  const message = "Cannot find the device's owner: EACCES, other users' processes cannot be seen"
  const hint = 'run it as root, on the host, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH'
  return new PermissionError(message, { device, errno: 'EACCES', hint })
}
