import type { Call } from './injector.ts'

/** What calls of some kind can fail with. */
interface Failures {
  readonly kind: string
  /** The files it is about; any unless told. */
  readonly on?: RegExp
  readonly errnos: readonly string[]
  /** Who says so. */
  readonly source: string
}

/**
 * No file call ends with EINTR: libuv makes those again that a signal interrupts (uv__fs_work, retry_on_eintr) but read and close;
 * reads of regular files, kernfs and procfs are not interruptible, and close counts as done (uv__fs_close). No native call does: see
 * native-shims/settle.ts. It stays where a driver is read.
 */
const DEVICE = ['EPERM', 'EACCES', 'EBUSY', 'EINVAL', 'ENODEV', 'ENOTTY', 'EIO', 'ENOMEM']
const PATHS = ['EPERM', 'EACCES', 'EIO', 'ENOMEM']
const PROC = /^\/proc\//
const SYS = /^\/sys\//
const DEV = /^\/dev\//

/**
 * The errnos, of those that the matrix is about, that each kind of call can fail with; the first line that fits counts. What is not
 * here cannot happen, or is no failure, such as ENOENT for what is not there.
 */
const FAILURES: readonly Failures[] = [
  {
    kind: 'open',
    on: PROC,
    errnos: ['EPERM', 'EACCES', 'EIO', 'ENOMEM', 'EMFILE'],
    source: 'open(2), proc(5) under hidepid; EIO: a task without memory map',
  },
  {
    kind: 'open',
    on: SYS,
    errnos: ['EPERM', 'EACCES', 'ENODEV', 'EIO', 'ENOMEM', 'EMFILE'],
    source: 'open(2), kernfs_fop_open: ENODEV for what is being removed',
  },
  {
    kind: 'open',
    on: DEV,
    errnos: ['EPERM', 'EACCES', 'EBUSY', 'EINVAL', 'ENODEV', 'EIO', 'ENOMEM', 'EMFILE'],
    source: 'open(2), vfio_device_fops_cdev_open, vfio_group_fops_open',
  },
  {
    kind: 'open',
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'EIO', 'ENOMEM', 'EMFILE'],
    source: 'open(2)',
  },
  {
    kind: 'create',
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'EIO', 'ENOMEM', 'EMFILE', 'ENOSPC'],
    source: 'open(2) with O_CREAT',
  },
  { kind: 'close', errnos: ['EIO', 'ENOSPC'], source: 'close(2)' },
  {
    kind: 'read',
    on: PROC,
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'EIO', 'ENOMEM'],
    source: 'read(2), show functions of procfs',
  },
  {
    kind: 'read',
    on: SYS,
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'ENODEV', 'EIO', 'ENOMEM'],
    source: 'read(2), kernfs_seq_start, show functions of attributes',
  },
  { kind: 'read', errnos: ['EINVAL', 'EIO', 'ENOMEM'], source: 'read(2)' },
  { kind: 'write', errnos: ['EPERM', 'EINVAL', 'EIO', 'ENOMEM', 'ENOSPC'], source: 'write(2)' },
  {
    kind: 'pread',
    errnos: ['EPERM', 'EACCES', 'EBUSY', 'EINVAL', 'ENODEV', 'EIO', 'ENOMEM', 'EINTR'],
    source: 'vfio_pci_config_rw, and variants of it',
  },
  {
    kind: 'pwrite',
    errnos: ['EPERM', 'EACCES', 'EBUSY', 'EINVAL', 'ENODEV', 'EIO', 'ENOMEM'],
    source: 'vfio_pci_config_rw, and variants of it',
  },
  { kind: 'access', errnos: ['EPERM', 'EACCES'], source: 'access(2)' },
  { kind: 'chmod', errnos: PATHS, source: 'chmod(2)' },
  { kind: 'stat', errnos: ['EACCES', 'EIO', 'ENOMEM'], source: 'stat(2)' },
  { kind: 'mkdir', errnos: [...PATHS, 'EINVAL', 'ENOSPC'], source: 'mkdir(2)' },
  { kind: 'readdir', errnos: [...PATHS, 'EMFILE'], source: 'opendir(3), getdents(2)' },
  { kind: 'readlink', on: PROC, errnos: PATHS, source: 'readlink(2), proc_pid_readlink' },
  { kind: 'readlink', errnos: [...PATHS, 'EINVAL'], source: 'readlink(2)' },
  { kind: 'realpath', errnos: ['EACCES', 'EIO', 'ENOMEM'], source: 'realpath(3)' },
  { kind: 'unlink', errnos: [...PATHS, 'EBUSY'], source: 'unlink(2)' },
  { kind: 'rename', errnos: [...PATHS, 'EBUSY', 'EINVAL', 'ENOSPC'], source: 'rename(2)' },
  { kind: 'symlink', errnos: [...PATHS, 'ENOSPC'], source: 'symlink(2)' },
  { kind: 'fsync', errnos: ['EINVAL', 'EIO', 'ENOSPC'], source: 'fsync(2)' },
  { kind: 'truncate', errnos: ['EPERM', 'EINVAL', 'EIO'], source: 'ftruncate(2)' },
  {
    kind: 'borrow',
    errnos: [...DEVICE, 'EMFILE', 'EINTR'],
    source: 'the Device line: all that lending or opening can fail with',
  },
  {
    kind: 'pidfd_open',
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'ENODEV', 'ENOMEM', 'EMFILE'],
    source: 'pidfd_open(2); EPERM, EACCES: seccomp',
  },
  {
    kind: 'pidfd_getfd',
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'EMFILE'],
    source: 'pidfd_getfd(2), __ptrace_may_access',
  },
  {
    kind: 'flock',
    errnos: ['EINVAL', 'EIO', 'ENOMEM'],
    source: 'flock(2), and file systems that have their own',
  },
  {
    kind: 'mmap',
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'ENODEV', 'ENOMEM'],
    source: 'mmap(2), vfio_pci_core_mmap',
  },
  {
    kind: 'send',
    errnos: ['EPERM', 'EACCES', 'EINVAL', 'ENOMEM', 'EMFILE'],
    source: 'socket(2), sendto(2), unix(7)',
  },
  {
    kind: 'ioctl VFIO_DEVICE_FEATURE PROBE',
    errnos: [...DEVICE, 'EINTR'],
    source: 'uapi section 1, and drivers below it',
  },
  {
    kind: 'ioctl VFIO_DEVICE_FEATURE GET',
    errnos: [...DEVICE, 'ENOSPC', 'EINTR'],
    source: 'uapi section 1, and drivers below it',
  },
  {
    kind: 'ioctl VFIO_DEVICE_FEATURE SET',
    errnos: [...DEVICE, 'ENOSPC', 'EINTR'],
    source: 'uapi section 1, and drivers below it',
  },
  {
    kind: 'ioctl VFIO_DEVICE_GET_REGION_INFO',
    errnos: DEVICE,
    source: 'vfio_pci_core_ioctl, and variants of it',
  },
  { kind: 'ioctl VFIO_DEVICE_BIND_IOMMUFD', errnos: DEVICE, source: 'vfio_df_ioctl_bind_iommufd' },
  {
    kind: 'ioctl VFIO_GET_API_VERSION',
    errnos: ['EINVAL', 'ENOTTY'],
    source: 'vfio_fops_unl_ioctl',
  },
  {
    kind: 'ioctl VFIO_CHECK_EXTENSION',
    errnos: ['EINVAL', 'ENODEV', 'ENOTTY'],
    source: 'vfio_fops_unl_ioctl',
  },
  {
    kind: 'ioctl VFIO_SET_IOMMU',
    errnos: [...PATHS, 'EBUSY', 'EINVAL', 'ENODEV'],
    source: 'vfio_ioctl_set_iommu',
  },
  {
    kind: 'ioctl VFIO_GROUP_GET_STATUS',
    errnos: ['EINVAL', 'ENODEV', 'ENOTTY'],
    source: 'vfio_group_ioctl_get_status',
  },
  {
    kind: 'ioctl VFIO_GROUP_SET_CONTAINER',
    errnos: [...PATHS, 'EBUSY', 'EINVAL', 'ENODEV'],
    source: 'vfio_group_ioctl_set_container',
  },
  {
    kind: 'ioctl VFIO_GROUP_GET_DEVICE_FD',
    errnos: [...PATHS, 'EBUSY', 'EINVAL', 'ENODEV', 'EMFILE'],
    source: 'vfio_group_ioctl_get_device_fd',
  },
]

/** The errnos that a call can fail with. @throws RangeError for a kind of which nobody has said that */
export function errnosOf({ kind, object }: Call): readonly string[] {
  const known = FAILURES.find((one) => one.kind === kind && (one.on?.test(object) ?? true))
  if (known !== undefined) return known.errnos
  throw new RangeError(`"${kind}" (of ${object}) is a call that errnos.ts does not know`)
}
