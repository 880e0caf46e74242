import type { Bdf } from '../../args/bdf.ts'
import { escapeUnseen, quote } from '../../args/quote.ts'
import { BusyError, NotFoundError, PermissionError } from '../../errors.ts'

/** A process by number and by the name it gave itself. */
export interface NamedProcess {
  readonly pid: number
  readonly command: string
}

/** A process with fds of which one may be the device. */
export interface Candidate extends NamedProcess {
  readonly fds: readonly number[]
}

/** `pid 812 (qemu)`; a process can call itself anything, terminal escapes included. */
export function processText({ pid, command }: NamedProcess): string {
  return `pid ${pid} (${escapeUnseen(command)})`
}

/** The error for devices of one process that this kernel gives no way to tell apart. */
export function ambiguous(device: Bdf, candidates: readonly Candidate[]): BusyError {
  const whose = candidates
    .map(
      (one) =>
        `${processText(one)} has ${one.fds.length === 1 ? 'fd' : 'fds'} ${one.fds.join(', ')}`,
    )
    .join(', ')
  const message = `Cannot tell which open VFIO device is this one before Linux 6.18: ${whose}`
  const hint = `name the owner and its fd: ${wishFor(candidates)}`
  return new BusyError(message, { device, hint })
}

/** The error for a process that was named and is not there. */
export function noSuchProcess(device: Bdf, pid: number): NotFoundError {
  const message = `Cannot find the owner: ESRCH, there is no process ${pid}`
  return new NotFoundError(message, { device, errno: 'ESRCH', hint: seeOwner(device) })
}

/** The error for a process that was named and does not have the device. */
export function notItsOwner(device: Bdf, process: NamedProcess): NotFoundError {
  const message = `Cannot find the owner: ${processText(process)} does not hold the device open`
  return new NotFoundError(message, { device, hint: seeOwner(device) })
}

/** The error for an fd that was named and that the process does not have. */
export function noSuchDescriptor(device: Bdf, process: NamedProcess, fd: number): NotFoundError {
  const message = `Cannot find the owner: EBADF, ${processText(process)} has no fd ${fd}`
  return new NotFoundError(message, { device, errno: 'EBADF', hint: seeOwner(device) })
}

/** The error for an fd that was named and is something else. @param what its link, or the device it is */
export function otherDescriptor(
  device: Bdf,
  process: NamedProcess,
  fd: number,
  what: string,
): NotFoundError {
  const whose = `fd ${fd} of ${processText(process)}`
  const message = `Cannot find the owner: ${whose} is ${quote(what)}, not this device`
  return new NotFoundError(message, { device, hint: seeOwner(device) })
}

/** The error for a process that was named and whose open files cannot be seen. */
export function hiddenProcess(device: Bdf, pid: number, command: string | null): PermissionError {
  const whose = command === null ? `pid ${pid}` : processText({ pid, command })
  const message = `Cannot see the open files of ${whose}: EACCES, they are another user's`
  const hint = 'run it as root, on the host, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH'
  return new PermissionError(message, { device, errno: 'EACCES', hint })
}

function seeOwner(device: Bdf): string {
  return `"tphctl info ${device}" shows the owner`
}

/** The options that say which, as far as there is only one choice. */
function wishFor(candidates: readonly Candidate[]): string {
  const [one, other] = candidates
  if (one === undefined || other !== undefined) return '--pid PID --fd N'
  return `--pid ${one.pid} --fd ${one.fds.length === 1 ? one.fds[0] : 'N'}`
}
