import { parseCpuList } from '../../args/cpu-list.ts'
import { PermissionError, UsageError } from '../../errors.ts'
import type { Root } from './root.ts'

/** An open file of a process. */
export interface Descriptor {
  readonly fd: number
  /** What /proc says it is: a path as the process sees it, or such as `anon_inode:[vfio-device]`. */
  readonly link: string
}

/** Whose files are asked for: a pid, or the process that asks. */
export type ProcessName = number | 'self'

const NUMBER = /^(?:0|[1-9]\d{0,9})$/

/** Fields of stat(5) before `state`: the pid and the command in parentheses. */
const FIELDS_BEFORE_STATE = 2
const START_TIME_FIELD = 22

/** The processes that can be seen, ascending. */
export function processes(root: Root): number[] {
  return numbers(root.names('/proc')).filter((pid) => pid > 0)
}

/**
 * Start time of a process in clock ticks since boot (proc(5), stat field 22); null when there is no such process.
 *
 * @throws TphctlError
 */
export function startTime(root: Root, pid: ProcessName): string | null {
  const stat = root.text(`/proc/${pid}/stat`)
  // The command may hold blanks and parentheses; what follows it does not.
  const rest = stat?.slice(stat.lastIndexOf(')') + 1).trimStart()
  return rest?.split(' ')[START_TIME_FIELD - FIELDS_BEFORE_STATE - 1] ?? null
}

/** The name of a process, as it set it: any bytes but NUL; null when there is no such process. @throws TphctlError */
export function command(root: Root, pid: ProcessName): string | null {
  return root.text(`/proc/${pid}/comm`)
}

/**
 * The CPUs that some thread of a process may run on, ascending; null when that cannot be seen. The first thread alone says
 * little: DPDK and QEMU pin each thread to CPUs of its own.
 */
export function allowedCpus(root: Root, pid: ProcessName): number[] | null {
  const threads = numbers(ifPermitted(() => root.names(`/proc/${pid}/task`), []))
  const folders = threads.map((thread) => `/proc/${pid}/task/${thread}`)
  const lists = [`/proc/${pid}`, ...folders].map((folder) => allowedIn(root, folder))
  const known = lists.filter((list) => list !== null)
  return known.length === 0 ? null : [...new Set(known.flat())].sort((a, b) => a - b)
}

/** The open files of a process by number; none when it is gone. @throws PermissionError for those of other users; TphctlError */
export function descriptors(root: Root, pid: ProcessName): Descriptor[] {
  const folder = `/proc/${pid}/fd`
  return numbers(root.names(folder)).flatMap((fd) => {
    const link = root.link(`${folder}/${fd}`)
    return link === null ? [] : [{ fd, link }]
  })
}

/** What the driver of an open file tells about it, by name; null when it is closed. @throws TphctlError */
export function fdinfo(root: Root, pid: ProcessName, fd: number): Map<string, string> | null {
  const text = root.text(`/proc/${pid}/fdinfo/${fd}`)
  return text === null ? null : fieldsOf(text)
}

/** What `read` gives, or `otherwise` when it fails for want of rights. */
export function ifPermitted<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof PermissionError) return otherwise
    throw error
  }
}

function numbers(names: readonly string[]): number[] {
  return names
    .filter((name) => NUMBER.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/** The lines `name: value` of a file. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return fields
}

function allowedIn(root: Root, folder: string): number[] | null {
  const status = ifPermitted(() => root.text(`${folder}/status`), null)
  const list = fieldsOf(status ?? '').get('Cpus_allowed_list')
  if (list === undefined) return null
  try {
    return parseCpuList(list)
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
}
