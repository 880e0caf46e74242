import { parseBdf } from '../args/bdf.ts'
import type { Backend } from '../backend/types.ts'
import { lookUpTph } from '../tph/host.ts'
import { type Answer, behind, type Candidate, plain } from './answer.ts'
import { completeCpus, completeIds, completeList } from './cpus.ts'
import { completeDevices } from './devices.ts'
import { completeIndexes } from './indexes.ts'

/** What is asked of a host. */
export interface HostQuestion {
  readonly backend: Backend
  /** The word at the cursor, as far as it is written. */
  readonly typed: string
  /** The DEVICE before it; undefined when there is none. */
  readonly device: string | undefined
}

/** Names of arguments and values that stand for something of the host, and what may stand there. */
export const hostWords: Readonly<Record<string, (question: HostQuestion) => Answer>> = {
  device: devices,
  devices,
  indexes: (question) => words(plain(indexesOf(question, question.typed))),
  entries,
  cpus: (question) => words(completeCpus(question.backend.topology, find(question))),
  list: ({ backend }) => words(completeList(backend.topology.online)),
  node: ({ backend }) => words(completeIds(backend.topology.nodes)),
  l3: ({ backend }) => words(completeIds(backend.topology.l3)),
}

const MEMORY_TYPES: readonly Candidate[] = [
  { word: 'vm', about: 'volatile memory' },
  { word: 'pm', about: 'persistent memory' },
]

function devices({ backend, typed }: HostQuestion): Answer {
  if (typed.includes('/')) return { kind: 'files' }
  return words(completeDevices(backend, typed))
}

/** `INDEXES=` first, then CPUS, then the memory type if `@` was written. */
function entries(question: HostQuestion): Answer {
  const { backend, typed } = question
  const equals = typed.indexOf('=')
  if (equals < 0) {
    return { kind: 'open', candidates: plain(indexesOf(question, typed).map((one) => `${one}=`)) }
  }
  const at = typed.indexOf('@', equals)
  if (at >= 0) return behind(typed.slice(0, at + 1), words(MEMORY_TYPES))
  const cpus = [
    ...completeCpus(backend.topology, find(question)),
    { word: 'none', about: 'clears' },
  ]
  return behind(typed.slice(0, equals + 1), words(cpus))
}

function indexesOf(question: HostQuestion, typed: string): string[] {
  const fn = find(question)
  const count = fn === null ? 0 : (lookUpTph(fn).tph?.stEntries ?? 0)
  return completeIndexes(typed, count)
}

function find({ backend, device }: HostQuestion) {
  return device === undefined ? null : backend.find(parseBdf(device))
}

function words(candidates: readonly Candidate[]): Answer {
  return { kind: 'words', candidates }
}
