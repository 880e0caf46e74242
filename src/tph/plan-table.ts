import type { Bdf } from '../args/bdf.ts'
import { formatNumberList } from '../args/cpu-list.ts'
import type { MemoryType } from '../args/entry.ts'
import { naming, UnsupportedError } from '../errors.ts'
import { type Following, followInterrupts } from '../topology/follow-interrupts.ts'
import { type SomeCpus, selectCpus } from '../topology/select.ts'
import { spreadCpus } from '../topology/spread.ts'
import { checkIndexes } from './check-indexes.ts'
import {
  findFunction,
  type Host,
  lookUpTph,
  noTph,
  type TphFunction,
  tableEntries,
} from './host.ts'
import type { PlannedEntry, PlanResult } from './plan-results.ts'

/** Where the entries of a table are to go: round robin over CPUs, or each where its vector's interrupt goes. */
export type PlanPolicy = SomeCpus | { readonly kind: 'irqs' }

type Steered = Omit<PlannedEntry, 'memoryType'>

/**
 * A CPU for each entry of a device's ST table. Reads sysfs and procfs only: no device is opened or borrowed (design: "Owning and
 * borrowing"). Nothing is said of CPUs far away, since `set` says it of every ENTRY.
 *
 * @param word what the user wrote for the policy, for messages
 * @throws UsageError for CPUs that are not there; UnsupportedError for a device without a table or interrupts; NotFoundError,
 * PermissionError
 */
export function planTable(
  host: Host,
  bdf: Bdf,
  policy: PlanPolicy,
  memoryType: MemoryType,
  word: string,
): PlanResult {
  const found = findTable(host, bdf)
  const steered = naming(bdf, () =>
    policy.kind === 'irqs' ? follow(host, found) : spread(host, found, policy, word),
  )
  const entries = steered.map(({ index, cpu, irq }) => ({ index, cpu, memoryType, irq }))
  return { device: bdf, policy: policyText(policy), entries }
}

/** What sysfs shows of the device; a config space that is not readable is not looked at through its owner's fd. */
function findTable(host: Host, bdf: Bdf): TphFunction {
  const fn = findFunction(host, bdf)
  const { tph, reason } = lookUpTph(fn)
  if (tph === null) throw noTph(bdf, reason)
  if (tph.stLocation === 'none') {
    const hint = `"tphctl tag ${bdf} local" shows the tags for its own driver to place`
    throw new UnsupportedError('Cannot plan: the device has no ST table', { device: bdf, hint })
  }
  checkIndexes({ fn, tph }, [])
  return { fn, tph }
}

function spread(
  { backend, notices }: Host,
  found: TphFunction,
  selector: SomeCpus,
  word: string,
): Steered[] {
  const cpus = selectCpus(selector, backend.topology, found.fn, word)
  const spreads = spreadCpus(tableEntries(found), cpus)
  const used = new Set(spreads.map(({ cpu }) => cpu))
  const left = cpus.filter((cpu) => !used.has(cpu))
  if (left.length > 0) {
    const size = `the table has only ${spreads.length}`
    notices.note(`${found.fn.bdf}: no entry is left for CPU ${formatNumberList(left)}: ${size}`)
  }
  return spreads.map((one) => ({ ...one, irq: null }))
}

function follow({ backend, notices }: Host, found: TphFunction): Steered[] {
  const { bdf } = found.fn
  const interrupts = backend.interrupts(bdf)
  const following = followInterrupts(interrupts, tableEntries(found), backend.topology.online)
  if (following.followed.length === 0) throw nothingToFollow(bdf, interrupts.length)
  for (const text of doubts(following)) notices.warn(`${bdf}: ${text}`)
  if (following.beyond.length > 0) {
    notices.note(`${bdf}: no entry for vectors ${formatNumberList(following.beyond)} in the table`)
  }
  return [...following.followed]
}

function doubts({ isOrderAssumed, ambiguous, nowhere }: Following): string[] {
  const texts: string[] = []
  if (isOrderAssumed) {
    texts.push('its interrupts do not say their vectors: the lowest number is taken for vector 0')
  }
  if (ambiguous.length > 0) {
    const which = formatNumberList(ambiguous)
    texts.push(`the interrupts of vectors ${which} may go to several CPUs: the first is taken`)
  }
  if (nowhere.length > 0) {
    const which = formatNumberList(nowhere)
    texts.push(`no online CPU is known for the interrupts of vectors ${which}: left out`)
  }
  return texts
}

function nothingToFollow(device: Bdf, interrupts: number): UnsupportedError {
  const why =
    interrupts === 0
      ? 'the device has no MSI or MSI-X interrupts now'
      : `none of its ${interrupts} interrupts has a vector of the table and a CPU that is online`
  const hint = 'its owner allocates them when its driver starts; --local needs none'
  return new UnsupportedError(`Cannot follow interrupts: ${why}`, { device, hint })
}

/** A policy as CPUS of an ENTRY would have it. */
function policyText(policy: PlanPolicy): string {
  switch (policy.kind) {
    case 'list':
      return formatNumberList(policy.cpus)
    case 'node':
      return `node:${policy.node}`
    case 'l3':
      return `l3:${policy.l3}`
    case 'local':
      return 'local'
    case 'irqs':
      return 'follow-irqs'
  }
}
