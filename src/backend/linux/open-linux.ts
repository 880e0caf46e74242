import { join } from 'node:path'
import type { Libc } from '../../../native-shims/libc.ts'
import { loadLibc } from '../../../native-shims/load.ts'
import { UnsupportedError } from '../../errors.ts'
import type { Io } from '../../io.ts'
import type { Settings } from '../../settings.ts'
import type { Backend } from '../types.ts'
import { LinuxBackend } from './linux-backend.ts'
import { once } from './once.ts'
import { startTime } from './proc.ts'
import { Root } from './root.ts'

/** Opens the host this runs on, or a copy of one below another root. Native calls are loaded when one is made. */
export function openLinux(
  { root: folder, pid, fd, open, ephemeral }: Settings['linux'],
  io: Io,
): Backend {
  const root = new Root(folder ?? '/')
  const start = startTime(new Root(), io.pid) ?? ''
  return new LinuxBackend({
    root,
    libc: root.isRunningHost ? once(() => openLibc(io.env['TPHCTL_FFI'] || undefined)) : noCalls,
    pid,
    fd,
    how: open,
    ephemeral,
    user: io.uid,
    runtimeDirectory: root.locate(runtimeDirectory(io)),
    self: { pid: io.pid, command: 'tphctl', fd: -1, startTime: start, allowedCpus: null },
    notifySocket: io.env['NOTIFY_SOCKET'] || null,
  })
}

/** Where ledgers and locks lie: tmpfs, so that they go with the boot they speak of. */
function runtimeDirectory({ env, uid }: Io): string {
  if (uid === 0) return '/run/tphctl'
  const base = env['XDG_RUNTIME_DIR']
  return join(base?.startsWith('/') ? base : `/run/user/${uid}`, 'tphctl')
}

function openLibc(wish: string | undefined): Libc {
  try {
    return loadLibc(wish)
  } catch (error) {
    throw new UnsupportedError(`Cannot make native calls: ${(error as Error).message}`, {
      hint: 'TPHCTL_FFI chooses between koffi and ffi-napi',
    })
  }
}

function noCalls(): never {
  throw new UnsupportedError('Cannot reach a device of another root: --root is for looking only')
}
