import type { Context } from '../context.ts'
import { applyDesiredState, diffDesiredState } from '../desired/apply.ts'
import type { DesiredState } from '../desired/desired-state.ts'
import { parseDesiredState, type SourceText } from '../desired/parse.ts'
import { TphctlError, UsageError } from '../errors.ts'
import type { CommandSpec } from './spec.ts'

const STDIN = '-'
/** Where desired state lies when no FILE is named. */
const FOLDER = '/etc/tphctl.d'
const NAME = /\.(?:ya?ml|json)$/

/** `tphctl apply [FILE…]`. */
export const apply: CommandSpec = {
  arguments: [
    {
      name: '[files...]',
      description: `desired state as YAML or JSON; - is standard input (default: ${FOLDER}/*.yaml, *.yml and *.json)`,
    },
  ],
  options: [
    { flags: '--diff', description: 'show what differs from the desired state; send nothing' },
    { flags: '--owned', description: 'leave out devices that nobody owns' },
  ],
  examples: [
    'apply',
    'apply /etc/tphctl.d/nic.yaml --diff',
    'apply /etc/tphctl.d/nic.yaml --dry-run',
  ],
  async run({ words, options }, context) {
    const state = await parseDesiredState(readTexts(words, context))
    const host = context.host()
    const meant = options['owned'] === true ? leaveOutUnowned(state, context) : state
    if (options['diff'] === true) {
      const value = diffDesiredState(host, meant)
      if (!value.devices.some(({ different }) => different)) context.notices.note('nothing differs')
      return { result: { kind: 'difference', value } }
    }
    const { value, error } = applyDesiredState(host, meant, { dryRun: context.dryRun })
    return { result: { kind: 'apply', value }, error }
  },
}

function readTexts(words: readonly string[], { io }: Context): SourceText[] {
  if (words.filter((word) => word === STDIN).length > 1) {
    throw new UsageError('Cannot apply: standard input ("-") can be read once only')
  }
  const files = words.length === 0 ? defaultFiles(io) : words
  return files.map((name) =>
    name === STDIN ? { name: 'stdin', text: io.readStdin() } : { name, text: io.readFile(name) },
  )
}

function defaultFiles(io: Context['io']): string[] {
  const names = namesIn(io, FOLDER).filter((name) => NAME.test(name))
  if (names.length > 0) return names.sort().map((name) => `${FOLDER}/${name}`)
  throw new UsageError(
    `Cannot apply: no FILE is given, and ${FOLDER} has no *.yaml, *.yml or *.json`,
    { hint: 'name a FILE, or - for standard input' },
  )
}

function namesIn(io: Context['io'], folder: string): string[] {
  try {
    return [...io.listFolder(folder)]
  } catch (error) {
    if (error instanceof TphctlError && error.errno === 'ENOENT') return []
    throw error
  }
}

/** What is not there at all stays, so that it is told of. */
function leaveOutUnowned(state: DesiredState, { host, notices }: Context): DesiredState {
  const { backend } = host()
  const isUnowned = ({ device }: DesiredState[number]) => {
    const fn = backend.find(device.value)
    return fn !== null && fn.owner === null && fn.ownerVisible
  }
  for (const { device } of state.filter(isUnowned)) {
    notices.note(`${device.value}: left out: nobody owns it`)
  }
  return state.filter((one) => !isUnowned(one))
}
