import type * as NodeFs from 'node:fs'
import { errnoNumber } from '../../src/abi/errno.ts'
import { injector } from './injector.ts'

type Fs = typeof NodeFs

/** What stands behind some paths and fds of the host that src believes to run on. */
export interface FileHost {
  /** Where a path of that host lies. */
  place(path: string): string
  /** The same the other way. */
  named(place: string): string
  /** An fd of a device, whose bytes no file holds. */
  device(fd: number): DeviceFile | null
  opened(fd: number, path: string): void
  closed(fd: number): void
}

/** A device as read and write see it. */
export interface DeviceFile {
  read(position: number, length: number): Uint8Array
  write(position: number, bytes: Uint8Array): void
}

let host: FileHost | null = null

/** From now on paths are those of that host; null for the real one. */
export function setFileHost(one: FileHost | null): void {
  host = one
}

/**
 * Node's file system as src gets it in these tests. While a command runs every call goes through its injector first. A function that is
 * not here throws then: a call that nobody has thought of must not pass unseen.
 */
export function faultyFs(fs: Fs): Partial<Fs> & { default: unknown } {
  const calls = faultyCalls(fs)
  const all: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fs)) {
    all[name] =
      typeof value === 'function' && /^[a-z]/.test(name) ? guarded(name, value as Any) : value
  }
  for (const [name, call] of Object.entries(calls)) all[name] = switched(fs, name, call)
  return { ...all, default: all } as Partial<Fs> & { default: unknown }
}

// biome-ignore lint/suspicious/noExplicitAny: Node's functions, whose arguments are passed on as they are
type Any = (...args: any[]) => any

/** Between commands it is Node's own. */
function switched(fs: Fs, name: string, call: Any): Any {
  const own = fs[name as keyof Fs] as unknown as Any
  return (...args) => (injector() === null ? own(...args) : call(...args))
}

function guarded(name: string, own: Any): Any {
  return (...args) => {
    if (injector() !== null)
      throw new RangeError(`fs.${name}() is a call without a place in the fault matrix`)
    return own(...args)
  }
}

function faultyCalls(fs: Fs): Record<string, Any> {
  const onPath =
    (kind: string, call: Any): Any =>
    (path: string, ...rest) => {
      point(kind, path)
      return call(placeOf(path), ...rest)
    }
  const onFd =
    (kind: string, call: Any): Any =>
    (fd: number, ...rest) => {
      point(kind, openName(fd))
      return call(fd, ...rest)
    }

  const openSync = (path: string, ...rest: [never, never?]): number => {
    point(isCreating(fs, rest[0]) ? 'create' : 'open', path)
    const fd = fs.openSync(placeOf(path), ...rest)
    injector()?.opened(fd, path)
    host?.opened(fd, path)
    return fd
  }
  /** Linux lets go of the fd, whatever it answers. */
  const closeSync = (fd: number): void => {
    const errno = injector()?.call('close', openName(fd)) ?? null
    injector()?.closed(fd)
    host?.closed(fd)
    fs.closeSync(fd)
    if (errno !== null) throw systemError(errno, 'close')
  }
  const readFileSync = (file: string | number, options?: never): unknown => {
    if (typeof file === 'number') {
      point('read', openName(file))
      return fs.readFileSync(file, options)
    }
    point('open', file)
    const bytes = fs.readFileSync(placeOf(file), options)
    point('read', file)
    return bytes
  }
  const writeFileSync = (file: string | number, data: string, options?: never): void => {
    if (typeof file === 'number') {
      writeAll(fs, file, openName(file), data)
      return
    }
    const { flag = 'w', mode } = (options ?? {}) as { flag?: string; mode?: number }
    const fd = openSync(file, flag as never, mode as never)
    try {
      writeAll(fs, fd, file, data)
    } finally {
      closeSync(fd)
    }
  }
  const readSync = (fd: number, bytes: Uint8Array, ...rest: (number | null)[]): number => {
    const device = host?.device(fd) ?? null
    point(device === null ? 'read' : 'pread', openName(fd))
    if (device === null) return (fs.readSync as Any)(fd, bytes, ...rest)
    const [at = 0, length = bytes.length, position = 0] = rest
    const read = device.read(position ?? 0, length ?? 0)
    bytes.set(read, at ?? 0)
    return read.length
  }
  const writeSync = (fd: number, data: never, ...rest: never[]): number => {
    const device = host?.device(fd) ?? null
    point(device === null ? 'write' : 'pwrite', openName(fd))
    if (device === null) return fs.writeSync(fd, data, ...rest)
    const bytes: Uint8Array = data
    device.write(rest[2] ?? 0, bytes)
    return bytes.length
  }
  const existsSync = (path: string): boolean => {
    const errno = injector()?.call('access', path) ?? null
    return errno === null && fs.existsSync(placeOf(path))
  }
  return {
    openSync,
    closeSync,
    readFileSync,
    writeFileSync,
    readSync,
    writeSync,
    existsSync,
    accessSync: onPath('access', fs.accessSync),
    chmodSync: onPath('chmod', fs.chmodSync),
    lstatSync: onPath('stat', fs.lstatSync),
    mkdirSync: onPath('mkdir', fs.mkdirSync),
    readdirSync: onPath('readdir', fs.readdirSync),
    readlinkSync: onPath('readlink', fs.readlinkSync),
    realpathSync: onPath('realpath', (place) => namedOf(fs.realpathSync(place))),
    rmSync: onPath('unlink', fs.rmSync),
    statSync: onPath('stat', fs.statSync),
    unlinkSync: onPath('unlink', fs.unlinkSync),
    renameSync: (from: string, to: string) => {
      point('rename', to)
      fs.renameSync(placeOf(from), placeOf(to))
    },
    symlinkSync: (text: string, path: string) => {
      point('symlink', path)
      fs.symlinkSync(text, placeOf(path))
    },
    fchmodSync: onFd('chmod', fs.fchmodSync as Any),
    fstatSync: onFd('stat', fs.fstatSync as Any),
    // What is on disk is no matter here.
    fsyncSync: onFd('fsync', () => {}),
    ftruncateSync: onFd('truncate', fs.ftruncateSync as Any),
  } as Record<string, Any>
}

/** Half of it is out before a write fails, as on a full disk. */
function writeAll(fs: Fs, fd: number, name: string, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  const errno = injector()?.call('write', name) ?? null
  fs.writeSync(fd, bytes, 0, errno === null ? bytes.length : bytes.length >> 1)
  if (errno !== null) throw systemError(errno, 'write')
}

function isCreating(fs: Fs, flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & fs.constants.O_CREAT) !== 0
  return typeof flags === 'string' && /[wa]/.test(flags)
}

/** A point at which a call may fail. @throws as Node does */
function point(kind: string, path: string): void {
  const errno = injector()?.call(kind, path) ?? null
  if (errno !== null) throw systemError(errno, kind, path)
}

function systemError(code: string, syscall: string, path?: string): Error {
  const where = path === undefined ? '' : ` '${path}'`
  const errno = -(errnoNumber(code) ?? 0)
  return Object.assign(new Error(`${code}: made to fail, ${syscall}${where}`), {
    code,
    errno,
    syscall,
    path,
  })
}

function openName(fd: number): string {
  return injector()?.open.get(fd) ?? `fd ${fd}`
}

function placeOf(path: string): string {
  return host?.place(path) ?? path
}

function namedOf(place: string): string {
  return host?.named(place) ?? place
}
