import type { Fault } from './injector.ts'
import type { Scenario } from './scenarios.ts'

/** A situation, by what is said of it; what is not said may be anything. */
interface Situation {
  readonly call?: RegExp
  readonly kind?: RegExp
  readonly on?: RegExp
  readonly errno?: RegExp
}

/** The steps of opening a device, after which come the calls on it. */
const OPENING = /^(open|ioctl VFIO_(?!DEVICE_FEATURE|DEVICE_GET))/
const NO_RIGHT = /^(EPERM|EACCES)$/

/** How a fault may end a command. */
interface Failing extends Situation {
  readonly exits: readonly number[]
  /** Whether it is told as what is not there, without an errno. */
  readonly absent?: boolean
}

/**
 * The exit codes that a fault may end a command with, where it does: README, "Exit codes", and what design.md says of single steps.
 * The first line that fits counts.
 */
const EXITS: readonly Failing[] = [
  // A function that is being removed is not there any more.
  { on: /^\/sys\/.*\/(vendor|device)$/, errno: /^ENODEV$/, exits: [1, 4] },
  // What some hosts do not have at all is then missing in the same words.
  {
    on: /^\/sys\/.*\/(local_cpulist|cache\/indexN\/id|vfio-dev\/vfioN\/dev)$/,
    errno: /^ENODEV$/,
    exits: [2, 3],
    absent: true,
  },
  // Doctor tells of what it cannot see, and fails for it.
  { call: /^doctor/, exits: [1, 5] },
  // A file that the user named and that cannot be read is wrong input.
  { kind: /^(open|read)$/, on: /^\/home\/me\/(nic\.yaml|entries)$/, exits: [2] },
  { kind: /^ioctl VFIO_DEVICE_FEATURE PROBE/, exits: [3] },
  // The shape of GET is a part of the guard; later GETs are work.
  { kind: /^ioctl VFIO_DEVICE_FEATURE GET/, errno: NO_RIGHT, exits: [3, 5] },
  { kind: /^ioctl VFIO_DEVICE_FEATURE GET/, exits: [1, 3] },
  // Anything odd about what was borrowed is refused as busy.
  { kind: /^(pread|ioctl VFIO_DEVICE_GET_REGION_INFO)/, errno: NO_RIGHT, exits: [5, 6] },
  { kind: /^(pread|ioctl VFIO_DEVICE_GET_REGION_INFO)/, errno: /^ENOTTY$/, exits: [3, 6] },
  { kind: /^(pread|ioctl VFIO_DEVICE_GET_REGION_INFO)/, exits: [1, 6] },
  { kind: /^send$/, exits: [1] },
  { errno: NO_RIGHT, exits: [5] },
  { kind: /^(borrow|ioctl VFIO_DEVICE_FEATURE)/, errno: /^ENOTTY$/, exits: [3] },
  { kind: /^borrow$/, errno: /^EBUSY$/, exits: [6] },
  // Opening a device: in use, or not there at all.
  { kind: /^ioctl VFIO_(DEVICE_BIND|GROUP_SET_CONTAINER)/, errno: /^EINVAL$/, exits: [6] },
  { kind: OPENING, on: /^\/dev\//, errno: /^EBUSY$/, exits: [6] },
  { kind: OPENING, on: /^\/dev\//, errno: /^(ENODEV|ENOTTY)$/, exits: [1, 3] },
  // Attributes of a function that is being removed.
  { on: /^\/sys\//, errno: /^ENODEV$/, exits: [1, 3, 4] },
  { exits: [1] },
]

/** How it is right for a command to fail with a fault. */
export function endsFor(
  scenario: Scenario,
  fault: Fault,
): { readonly exits: readonly number[]; readonly named: boolean } {
  const rule = EXITS.find((one) => fits(one, scenario, fault))
  return { exits: rule?.exits ?? [], named: rule?.absent !== true }
}

/** A fault that does no harm, or none that is worth a note. */
interface Tolerated extends Situation {
  readonly why: string
  /** Whether the result may be another one. */
  readonly changes?: boolean
}

const TOLERATED: readonly Tolerated[] = [
  { errno: /^EINTR$/, why: 'made again (design: "EINTR is retried")' },
  {
    kind: /^close$/,
    on: /^(pidfd|device|\/dev\/|\/run\/tphctl\/BDF\.lock)/,
    why: 'close-quietly.ts: nothing is lost',
  },
  { kind: /^close$/, on: /^\/sys\/kernel\/btf/, why: 'its bytes were read' },
  { kind: /^truncate$/, on: /\.lock$/, why: "the holder's name stays in a free lock" },
  {
    kind: /^write$/,
    on: /\.lock$/,
    errno: /^ENOSPC$/,
    why: "the holder's name does not fit, and the lock is had all the same (flock-lock.ts)",
  },
  {
    kind: /^(open|read|stat|close)$/,
    on: /^\/state\/mock$/,
    why: 'what was stored is read by the next one too (store.ts)',
  },
  { kind: /^flock$/, why: 'unlocking: closing does it too' },
  {
    kind: /^(unlink|readdir|symlink)$/,
    on: /^\/state\/mock\.locks?\//,
    why: 'the lock goes with the process (generation-lock.ts)',
  },
  {
    kind: /^(unlink|readdir|symlink)$/,
    on: /^\/state\/mock\.lock$/,
    why: 'the lock goes with the process (generation-lock.ts)',
  },
  {
    kind: /^(readdir|stat|unlink)$/,
    on: /^\/(state|home\/me|run\/tphctl)$/,
    why: 'leftovers of killed commands stay for the next one',
  },
  {
    on: /^\/sys\/kernel\/btf/,
    why: 'part 4 of the guard counts where type information is readable',
    changes: true,
  },
  {
    on: /^\/proc\/N\/(fd|fdinfo)\b/,
    errno: NO_RIGHT,
    why: "other users' processes: ownerVisible says so",
    changes: true,
  },
  {
    kind: /^stat$/,
    on: /^\/proc(\/N)?$/,
    errno: NO_RIGHT,
    why: 'on the way to open files of other users: the bundle says that there are hidden ones',
    changes: true,
  },
  {
    on: /^\/proc\/N\/(task|status)\b/,
    errno: NO_RIGHT,
    why: 'which CPUs its threads may run on is not known',
    changes: true,
  },
  { on: /^\/sys\//, errno: /^ENODEV$/, why: 'what is being removed is not there', changes: true },
  { on: /^\/sys\/.*\/config$/, errno: NO_RIGHT, why: 'tphReason says so', changes: true },
  {
    kind: /^access$/,
    call: /^(hold|set|doctor|gather)/,
    why: 'the other way is taken; doctor says "forbidden"',
    changes: true,
  },
  {
    kind: /^readdir$/,
    on: /^\/dev\/vfio$/,
    errno: NO_RIGHT,
    why: 'the name of a group with an IOMMU is tried',
  },
  {
    kind: /^ioctl VFIO_DEVICE_FEATURE GET/,
    errno: /^EINVAL$/,
    why: 'GET beyond the table, which is EINVAL anyway',
  },
  {
    call: /^doctor --json$|^doctor$/,
    why: 'of a device that answers one line says that (design: doctor)',
  },
  {
    call: /^gather/,
    kind: /^(pidfd|pread|ioctl|borrow|close)/,
    why: 'what a device answers is not in the bundle, but for what doctor says of it',
  },
  {
    call: /^gather\b.*--to/,
    on: /^\/((sys|proc|dev|lib|boot)\/|$)/,
    why: 'a bundle reads everything again, and its MANIFEST names what it could not read then',
  },
  {
    call: /^gather/,
    on: /boot_id$|^\/run\/tphctl\b/,
    why: 'which CPUs were set is not in the bundle, nor then is what would tell the boot they are of',
    changes: true,
  },
  { kind: /^send$/, why: 'whoever asked for the end does not need to hear of it' },
  {
    kind: /^ioctl VFIO_DEVICE_FEATURE (PROBE|GET)/,
    call: /^(info|gather|doctor)/,
    errno: /^(EINVAL|ENOTTY)$/,
    why: 'feature.supported is false',
    changes: true,
  },
]

/** Why a fault may pass without a word; null when it may not. @param isOther whether the result is another one than without it */
export function toleratedBecause(
  scenario: Scenario,
  fault: Fault,
  isOther: boolean,
): string | null {
  const rule = TOLERATED.find(
    (one) => fits(one, scenario, fault) && (!isOther || one.changes === true),
  )
  return rule?.why ?? null
}

function fits(rule: Situation, { call }: Scenario, { kind, object, errno }: Fault): boolean {
  return (
    (rule.call?.test(call) ?? true) &&
    (rule.kind?.test(kind) ?? true) &&
    (rule.on?.test(object) ?? true) &&
    (rule.errno?.test(errno) ?? true)
  )
}
