/*
 * What the manual says beside what the command table knows. Words between backquotes are what one types.
 */

/** One line for apropos(1). */
export const NAME = 'program the PCIe TPH steering tags of VFIO devices'

/** What it is for, a paragraph each. */
export const DESCRIPTION = [
  "`tphctl` says which CPU's cache a device's DMA should land in. It programs the steering tags (ST) of PCI functions with a TPH Requester capability that are handed to user space through VFIO, such as the NIC of a QEMU guest or the devices of a DPDK or SPDK program.",
  'Opening a VFIO device resets it, and closing it drops its tags. So `tphctl` borrows the fd of the process that owns the device, with pidfd_getfd(2), for a few milliseconds. Devices that nobody owns are for `tphctl hold`.',
  'The kernel interface is the VFIO device feature TPH_ST. No released kernel has it; the driver vfio-tph-pci, which comes with this program, gives it to kernels from 6.13 on.',
] as const

/** How entries are written, a tag and what it means. */
export const GRAMMAR = [
  ['DEVICE', 'A PCI address, `0000:81:00.0` or `81:00.0`, or the path of a device in sysfs.'],
  [
    'ENTRY',
    'INDEXES`=`CPUS, with `@vm` or `@pm` behind it for the memory that the DMA goes to: volatile (unless `--mem-type` says otherwise) or persistent.',
  ],
  [
    'INDEXES',
    "Entries in the syntax of the kernel's CPU lists: `0-3,8`, or `0-15:2/4` for the first two of every four; see cpuset(7).",
  ],
  [
    'CPUS',
    'The same syntax, or `node:N`, `l3:N`, `local` (the CPUs near the device), or `none`, which clears. As many CPUs as indexes, or one CPU for all; anything else is an error unless `--cycle` deals them out in turn.',
  ],
] as const

/** How results look, a format and what it is. */
export const OUTPUT = [
  ['table', 'Aligned columns for people; not for parsing.'],
  [
    'tsv',
    'The columns of the table without heading, separated by tabs, `-` for what is not known.',
  ],
  [
    'json',
    'One document: an object with schemaVersion and backend. Its schema is installed with the program, below share/schema. Fields are only ever added within a schemaVersion.',
  ],
  ['ndjson', 'One line for each element or entry, each with its device.'],
] as const

/** Environment variables and what they are for. */
export const ENVIRONMENT = [
  ['TPHCTL_BACKEND', 'The same as `--backend`.'],
  ['TPHCTL_MOCK_HOST', 'The same as `--mock-host`.'],
  ['TPHCTL_ABI', 'The same as `--abi`.'],
  ['TPHCTL_FEATURE_INDEX', 'The same as `--feature-index`.'],
  ['TPHCTL_FFI', 'The native binding: `koffi` or `ffi-napi`.'],
  ['TPHCTL_MOCK_STATE', 'The file that keeps the state of emulated devices.'],
  [
    'TPHCTL_MOCK_FAULTS',
    'Calls to emulated devices that fail: CALL[:N]=ERRNO, separated by commas.',
  ],
  [
    'TPHCTL_MOCK_ABI',
    'The kernel interface that emulated devices have: `tph-st`, unless it is `pci-tph-v8`.',
  ],
  [
    'TPHCTL_CODE_CACHE',
    'The folder for compiled code; none is kept if it is empty. See FILES. Under sudo a folder counts with `--trust-environment` only.',
  ],
  ['XDG_RUNTIME_DIR', 'Where users other than root have their ledger.'],
  ['XDG_STATE_HOME', 'Where the state of emulated devices is unless TPHCTL_MOCK_STATE says.'],
  ['HOME', 'The folder in which .local/state takes the place of an unset XDG_STATE_HOME.'],
  ['NO_COLOR', 'No colour, if not empty.'],
  ['FORCE_COLOR', 'Colour also where standard output is no terminal, if not empty; 0 for none.'],
  ['TERM', 'No colour if it is dumb.'],
  [
    'SUDO_UID',
    'Set by sudo(8): the environment may be that of another user then, and TPHCTL_MOCK_HOST, TPHCTL_MOCK_STATE, XDG_STATE_HOME and HOME count only if the file they lead to, or the folder in which it would be made, and all folders above belong to root, are writable by nobody else and no symbolic links. Anything else is exit code 5. `--mock-host` and `--trust-environment` say on the command line what is to be used all the same.',
  ],
  ['NOTIFY_SOCKET', 'Where `hold` tells the service manager that it is ready; see sd_notify(3).'],
] as const

/** Files and what they hold. */
export const FILES = [
  [
    '/run/tphctl/DEVICE.json',
    'The ledger: which CPU is behind which tag, for `get` and `undo`. It goes with the boot, and is never trusted over the kernel.',
  ],
  [
    '/var/cache/tphctl',
    "Compiled code, so that the next call starts sooner; for other users than root `tphctl` in XDG_CACHE_HOME (~/.cache). It may be removed at any time, and is used only if it is the user's own and nobody else may write to it.",
  ],
  ['/etc/tphctl.d', 'What is to be set on this host.'],
] as const

/** What to know before trusting it, a paragraph each. */
export const NOTES = [
  'A steering tag is a hint that the device puts on its own requests. The kernel cannot stop a device from sending others. `tphctl` is a convenience for trusted owners, not an isolation boundary.',
  'To borrow from an owner takes the same user, or CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH: `probe`, `get`, `set`, `clear`, `undo`, `enable`, `disable`, `tag`, `export`, `apply` and `verify` need that and no more, but `verify` CAP_SYS_ADMIN for a table in the capability. `plan` takes CAP_SYS_ADMIN, without which sysfs shows 64 bytes of config space; `list`, `info`, `map`, `watch`, `doctor` and `gather` need nothing for what everybody may see and the same for the rest. `hold` takes the right to open the device node, and CAP_SYS_RAWIO for a device without an IOMMU. Where a right is missing the exit code is 5.',
  'What comes from outside is shown without characters that act on a terminal. SECURITY.md, which comes with the program, says who can write what is read and what is done about it.',
] as const

/** Related manuals. */
export const SEE_ALSO = ['lspci(8)', 'setpci(8)', 'cpuset(7)', 'pidfd_getfd(2)'] as const
