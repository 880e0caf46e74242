import type { Happening, Signal } from '../../src/io.ts'
import type { FaultWorld } from './world.ts'

/** A command in a situation. */
export interface Scenario {
  /** Its words, separated by blanks; `--json` is added where it is not about that. */
  readonly call: string
  /** The worlds it is for; both unless told. */
  readonly world?: FaultWorld['name']
  /** Whether somebody has the devices open; so unless told. */
  readonly owned?: boolean
  /** What was done before. */
  readonly before?: readonly string[]
  readonly stdin?: string
  /** Files of the user's, by path. */
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly happenings?: readonly Happening[]
  readonly signals?: readonly Signal[]
}

/** Some entries whose CPUs are known, so that whatever happens can be put back. */
const KNOWN = ['set 81:00.0 0-3=0-3 8-9=5@pm', 'set 82:00.0 0-1=8-9']
const ON = [...KNOWN, 'enable 81:00.0 --mode iv', 'enable 82:00.0 --mode iv']
const LOOKS: readonly Happening[] = [{ kind: 'time' }, { kind: 'time' }]
const NIC = '/home/me/nic.yaml'
const HUP: Signal = { name: 'SIGHUP', number: 1 }

function nic(first: string, second: string): Record<string, string> {
  const device = (bdf: string, mode: string, entries: string) =>
    `  - device: "${bdf}"\n    mode: "${mode}"\n    entries: [${entries}]\n`
  return {
    [NIC]: `version: 1\ndevices:\n${device('0000:81:00.0', first, '"0-1=4-5", "9=none", "20=7@pm"')}${device('0000:82:00.0', second, '"0=10", "4=11"')}`,
  }
}

const CHANGES: readonly Scenario[] = [
  { call: 'set 81:00.0 0-1=4,5 3=6@pm 8=none 10=7', before: KNOWN },
  { call: 'set 81:00.0 0-1=4,5 3=6@pm 8=none 10=7' },
  { call: 'set 81:00.0 0-3=0-3', before: KNOWN },
  { call: 'set 81:00.0 0-1=4,5 10=7', before: ON },
  { call: 'set 81:00.0 -', stdin: '0=4 2=5\n', before: KNOWN },
  {
    call: 'set -',
    stdin: '81:00.0 0=4 8=5\n82:00.0 0-1=10,11 3=12\n83:00.0 7=1\n',
    before: KNOWN,
  },
  { call: 'set 83:00.0 5=3 7-8=4@pm' },
  { call: 'clear 81:00.0 0-3,9', before: KNOWN },
  { call: 'undo', before: KNOWN },
  { call: 'undo 81:00.0', before: KNOWN },
  { call: 'undo', before: [...KNOWN, `apply ${NIC}`], files: nic('iv', 'ds') },
  { call: 'undo', before: [...ON, `apply ${NIC}`], files: nic('off', 'off') },
  { call: 'undo', before: [...ON, `apply ${NIC}`], files: nic('ds', 'off') },
  { call: 'enable 81:00.0 --mode iv', before: KNOWN },
  { call: 'enable 81:00.0 --mode ds', before: ON },
  { call: 'disable 82:00.0', before: ON },
  { call: 'tag 83:00.0 0-2' },
  { call: `apply ${NIC}`, files: nic('iv', 'ds'), before: KNOWN },
  { call: `apply ${NIC}`, files: nic('off', 'off'), before: ON },
  { call: `apply ${NIC}`, files: nic('off', 'ds'), before: ON },
  { call: `apply ${NIC}`, files: nic('ds', 'iv'), before: ON },
  {
    call: `watch --apply -f ${NIC} -o ndjson`,
    files: nic('iv', 'ds'),
    before: KNOWN,
    happenings: LOOKS,
  },
  {
    call: 'batch -',
    stdin: 'set 81:00.0 0=4\nget 81:00.0 0\nset 82:00.0 0=11\nundo 81:00.0\n',
    before: KNOWN,
  },
  { call: 'batch -k -', stdin: 'set 81:00.0 0=4\nget 81:00.0 0\nclear 82:00.0 0\n', before: KNOWN },
  { call: 'set 81:00.0 0=4 2=5 --fd 900', world: 'linux', before: KNOWN },
  { call: 'set 81:00.0 0=4 2=5 --pid 4242', world: 'linux', before: KNOWN },
  { call: 'set 81:00.0 0=4 2=5 --ephemeral', world: 'linux', owned: false },
  { call: 'mock reset', world: 'mock', before: KNOWN },
]

const LOOKING: readonly Scenario[] = [
  { call: 'get 81:00.0 0-9', before: KNOWN },
  { call: 'get 82:00.0 0-9' },
  { call: 'verify 81:00.0', before: ON },
  { call: 'verify 82:00.0', before: ON },
  { call: 'verify 81:00.0', before: KNOWN },
  { call: 'probe 81:00.0' },
  { call: 'probe 84:00.0' },
  { call: `apply ${NIC} --diff`, files: nic('iv', 'ds'), before: KNOWN },
  { call: `apply ${NIC} --dry-run`, files: nic('iv', 'ds'), before: KNOWN },
  { call: 'set 81:00.0 0=4 --dry-run', before: KNOWN },
  { call: 'undo --dry-run', before: KNOWN },
  { call: 'export', before: ON },
  { call: 'export 81:00.0', before: KNOWN },
  { call: 'export --prometheus', before: ON },
  {
    call: 'export 81:00.0 --to /home/me/out.yaml',
    before: KNOWN,
    files: { '/home/me/out.yaml': 'old\n' },
  },
  { call: 'info 81:00.0', before: ON },
  { call: 'info 82:00.0 --hexdump' },
  { call: 'map 81:00.0', before: KNOWN },
  { call: 'watch 81:00.0 -o ndjson', before: KNOWN, happenings: LOOKS },
  { call: 'doctor', before: KNOWN },
  { call: 'doctor 81:00.0', before: KNOWN },
  { call: 'list', before: ON },
  { call: 'plan 81:00.0' },
  { call: 'plan 81:00.0 --l3 1' },
  { call: 'plan 81:00.0 --follow-irqs' },
  { call: 'gather --to /home/me/bundle', world: 'linux', before: KNOWN },
  { call: 'gather 81:00.0 --to /home/me/bundle', world: 'linux', before: KNOWN },
]

const HOLDING: readonly Scenario[] = ['cdev', 'group'].flatMap((how) => [
  { call: `hold 81:00.0 82:00.0 --open ${how}`, world: 'linux', owned: false, signals: [] },
  {
    call: `hold 81:00.0 -f /home/me/entries --open ${how}`,
    world: 'linux',
    owned: false,
    files: { '/home/me/entries': '0-1=4,5 8=6@pm\n' },
    env: { NOTIFY_SOCKET: '/run/notify' },
    signals: [HUP],
  } as const,
])

/** Every command that talks to a device, in the situations that differ in what it calls. */
export const SCENARIOS: readonly Scenario[] = [...CHANGES, ...LOOKING, ...HOLDING]
