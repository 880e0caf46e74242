import type { FakeFiles } from './fake-files.ts'

/** A process as /proc shows it. */
export interface FakeProcess {
  readonly pid: number
  /** Up to 15 bytes, of any kind. */
  readonly comm: string
  /** Field 22 of its `stat`. */
  readonly startTime: number | string
  /** 0, root, by default. */
  readonly uid?: number
  /** `Cpus_allowed_list` of its first thread, in the kernel's form. */
  readonly allowed: string
  /** The same of its further threads, by thread id. */
  readonly threads?: Readonly<Record<number, string>>
  /** By number: the text of the link, and what fdinfo has after the lines that every fd has. */
  readonly fds: Readonly<Record<number, { readonly link: string; readonly fdinfo?: string }>>
}

/** Writes the part of /proc that belongs to one process: `comm`, `stat`, `status`, `fd`, `fdinfo`, `task`. */
export function writeProcess(into: FakeFiles, process: FakeProcess): void {
  const { pid, allowed, threads = {}, fds } = process
  const folder = `/proc/${pid}`
  into.files(folder, thread(process, pid, allowed))
  for (const [tid, cpus] of Object.entries({ ...threads, [pid]: allowed })) {
    into.files(`${folder}/task/${tid}`, thread(process, +tid, cpus))
  }
  into.directory(`${folder}/fd`)
  for (const [fd, { link, fdinfo = '' }] of Object.entries(fds)) {
    into.link(`${folder}/fd/${fd}`, link)
    into.file(
      `${folder}/fdinfo/${fd}`,
      `pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t7\n${fdinfo}`,
    )
  }
}

/** The files of one thread; proc_pid_stat(5) has the fields, of which 4 to 21 and 23 to 52 are made up here. */
function thread(
  { pid, comm, startTime, uid = 0 }: FakeProcess,
  tid: number,
  allowed: string,
): Record<string, string> {
  const before = `1 ${pid} ${pid} 0 -1 4194560 9 0 0 0 5 6 0 0 20 0 1 0`
  const after = '1024 8 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 0 17 3 0 0 0 0 0 0 0 0 0 0 0 0'
  const ids = [uid, uid, uid, uid].join('\t')
  const escaped = comm.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return {
    comm: `${comm}\n`,
    stat: `${tid} (${comm}) S ${before} ${startTime} ${after}\n`,
    status: `Name:\t${escaped}\nState:\tS (sleeping)\nTgid:\t${pid}\nPid:\t${tid}\nUid:\t${ids}\nCpus_allowed_list:\t${allowed}\n`,
  }
}
