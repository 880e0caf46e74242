import { INTERFACE_NAMES, type InterfaceChoice } from './abi/interface-names.ts'
import { TAKEN_FEATURE_INDEXES, VFIO_DEVICE_FEATURE_TPH_ST } from './abi/tph-st.ts'
import { parseInteger } from './args/integer.ts'
import { quote } from './args/quote.ts'
import { UsageError } from './errors.ts'
import { FORMATS, type Format } from './format/formats.ts'
import type { Io } from './io.ts'

/** The global options of one call, environment considered. */
export interface Settings {
  readonly backend: 'linux' | 'mock'
  readonly mockHost: string | null
  /** Whether that, if there is one, is from TPHCTL_MOCK_HOST. */
  readonly isMockHostFromEnvironment: boolean
  /** The real host's options; all null or false for an emulated one. */
  readonly linux: LinuxSettings
  readonly format: Format
  /** The format that was named; null for auto. */
  readonly asked: Format | null
  readonly colour: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly dryRun: boolean
  readonly abi: InterfaceChoice
  readonly featureIndex: number
  readonly waitSeconds: number
  readonly strict: boolean
  /** Whether variables name files as they would outside of sudo. */
  readonly trustEnvironment: boolean
}

/** Options that only a real host has. */
export interface LinuxSettings {
  /** The owner to borrow from; null to look for it. */
  readonly pid: number | null
  /** Its fd of the device, or without a pid an fd of this process. */
  readonly fd: number | null
  readonly open: 'cdev' | 'group' | null
  readonly ephemeral: boolean
  /** Another root for /sys, /proc and /dev. */
  readonly root: string | null
}

/** Option values as commander hands them out. */
export type RawOptions = Readonly<Record<string, string | boolean | undefined>>

const LONGEST_WAIT = 86_400
const DEFAULT_WAIT = 30

/** Reads the global options. @throws UsageError for a value that is not one */
export function readSettings(options: RawOptions, io: Io): Settings {
  const backend = chooseBackend(options, io.env)
  const asked = namedFormat(options)
  const namedHost = text(options['mockHost'])
  return {
    backend,
    mockHost: backend === 'mock' ? (namedHost ?? fromEnv(io, 'TPHCTL_MOCK_HOST')) : null,
    isMockHostFromEnvironment: namedHost === null,
    linux: readLinuxSettings(options, backend),
    format: asked ?? (io.stdout.isTerminal ? 'table' : 'tsv'),
    asked,
    colour: chooseColour(text(options['color']) ?? 'auto', io),
    quiet: options['quiet'] === true,
    verbose: options['verbose'] === true,
    dryRun: options['dryRun'] === true,
    abi: chooseAbi(options, io),
    featureIndex: chooseFeatureIndex(options, io),
    waitSeconds: parseInteger(
      text(options['wait']) ?? String(DEFAULT_WAIT),
      'number of seconds',
      0,
      LONGEST_WAIT,
    ),
    strict: options['strict'] === true,
    trustEnvironment: options['trustEnvironment'] === true,
  }
}

function chooseBackend(options: RawOptions, env: Io['env']): Settings['backend'] {
  const dump = text(options['mockHost'])
  const named = text(options['backend'])
  if (named === 'linux' && dump !== null) {
    throw new UsageError('Cannot use --mock-host with --backend linux: it names an emulated host')
  }
  const chosen = named ?? (dump === null ? env['TPHCTL_BACKEND'] || null : 'mock')
  if (chosen === 'linux' || chosen === 'mock') return chosen
  if (chosen === null) return env['TPHCTL_MOCK_HOST'] ? 'mock' : 'linux'
  throw new UsageError(`Cannot use TPHCTL_BACKEND ${quote(chosen)}: expected linux or mock`)
}

function readLinuxSettings(options: RawOptions, backend: Settings['backend']): LinuxSettings {
  const given = LINUX_OPTIONS.find(({ key }) => options[key] !== undefined)
  if (backend === 'mock' && given !== undefined) {
    throw new UsageError(`Cannot use ${given.flag} with the emulated host: it is about a real one`)
  }
  const open = text(options['open'])
  return {
    pid: numberOrNull(options['pid'], 'pid', 1),
    fd: numberOrNull(options['fd'], 'file descriptor', 0),
    open: open === 'cdev' || open === 'group' ? open : null,
    ephemeral: options['ephemeral'] === true,
    root: chooseRoot(text(options['root'])),
  }
}

function chooseRoot(folder: string | null): string | null {
  if (folder === '') throw new UsageError('Cannot use --root "": expected a folder')
  return folder
}

const LINUX_OPTIONS = [
  { key: 'pid', flag: '--pid' },
  { key: 'fd', flag: '--fd' },
  { key: 'open', flag: '--open' },
  { key: 'ephemeral', flag: '--ephemeral' },
  { key: 'root', flag: '--root' },
] as const

function numberOrNull(
  value: string | boolean | undefined,
  what: string,
  min: number,
): number | null {
  return typeof value === 'string' ? parseInteger(value, what, min, 2 ** 31 - 1) : null
}

function namedFormat(options: RawOptions): Format | null {
  const named = text(options['output'])
  if (options['json'] === true) {
    if (named !== null && named !== 'json') {
      throw new UsageError(`Cannot write both json and ${named}: give --json or -o, not both`)
    }
    return 'json'
  }
  return FORMATS.find((one) => one === named) ?? null
}

/** NO_COLOR (no-color.org) and FORCE_COLOR count when not empty; the option beats them. */
function chooseColour(when: string, { env, stdout }: Io): boolean {
  if (when !== 'auto') return when === 'always'
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0'
  return stdout.isTerminal && env['TERM'] !== 'dumb'
}

function chooseAbi(options: RawOptions, io: Io): InterfaceChoice {
  const named = text(options['abi'])
  const word = named ?? fromEnv(io, 'TPHCTL_ABI') ?? 'auto'
  const choices = ['auto', ...INTERFACE_NAMES] as const
  const found = choices.find((one) => one === word)
  if (found !== undefined) return found
  const whose = named === null ? 'TPHCTL_ABI' : '--abi'
  throw new UsageError(`Cannot use ${whose} ${quote(word)}: expected ${choices.join(' or ')}`)
}

function chooseFeatureIndex(options: RawOptions, io: Io): number {
  const word = text(options['featureIndex']) ?? fromEnv(io, 'TPHCTL_FEATURE_INDEX')
  const index = parseInteger(word ?? String(VFIO_DEVICE_FEATURE_TPH_ST), 'feature index', 0, 0xffff)
  if (index >= TAKEN_FEATURE_INDEXES) return index
  throw new UsageError(
    `Cannot use feature index ${index}: Linux has other features at 0 to ${TAKEN_FEATURE_INDEXES - 1}, and a SET of some changes the device`,
    { hint: `TPH_ST is looked for at ${VFIO_DEVICE_FEATURE_TPH_ST} unless told` },
  )
}

function fromEnv({ env }: Io, name: string): string | null {
  return env[name] || null
}

function text(value: string | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null
}
