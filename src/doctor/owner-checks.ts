import { formatNumberList } from '../args/cpu-list.ts'
import { escapeUnseen } from '../args/quote.ts'
import { PermissionError, TphctlError } from '../errors.ts'
import { remoteCpus } from '../topology/distance.ts'
import { tagText } from '../tph/check-tags.ts'
import { type Check, ok, problem, unknown, type Verdict } from './check.ts'
import { inSysfs } from './device-checks.ts'
import type { DeviceSeen } from './device-seen.ts'

const COPY = 'a copy of a host: its devices cannot be reached'
const NOBODY = 'there is nobody to ask: see "owner"'

const TPH_ST_THERE = 'PROBE, GET and SET of TPH_ST are there'

const owner: Check<DeviceSeen> = {
  id: 'owner',
  judge({ fn, owner }) {
    if (!(owner instanceof TphctlError)) {
      return ok(`pid ${owner.pid} (${escapeUnseen(owner.command)}) has it open as fd ${owner.fd}`)
    }
    const hold = `start the program that uses it (QEMU, DPDK, SPDK), or "tphctl hold ${fn.bdf}"`
    return failed(owner, hold)
  },
}

const borrow: Check<DeviceSeen> = {
  id: 'borrow',
  judge({ owner, borrowed, facts }) {
    if (owner instanceof TphctlError) return unknown(NOBODY)
    if (borrowed instanceof TphctlError) return failed(borrowed, null)
    if (facts?.isCopy) return unknown(COPY)
    return borrowed && ok(`fd ${owner.fd} of pid ${owner.pid} was borrowed and given back`)
  },
}

const feature: Check<DeviceSeen> = {
  id: 'feature',
  judge({ host, borrowed, answer, facts, owner }) {
    if (owner instanceof TphctlError) return unknown(NOBODY)
    if (borrowed instanceof TphctlError) return unknown('it could not be asked: see "borrow"')
    if (facts?.isCopy) return unknown(COPY)
    if (answer === null) return null
    if (answer instanceof TphctlError) return failed(answer, null)
    const { kernel, how, refusal } = answer
    const which = kernel.name === 'tph-st' ? `feature ${host.featureIndex}` : kernel.title
    if (refusal === null) return ok(`${which}: ${kernel.name === 'tph-st' ? TPH_ST_THERE : how}`)
    const fix =
      'run a kernel with TPH_ST, or vfio-tph-pci (native-shims/vfio-tph-pci); under another index: --feature-index'
    return problem(`${which}: ${refusal.reason}`, fix)
  },
}

const vectors: Check<DeviceSeen> = {
  id: 'msix-vectors',
  judge({ fn, facts, tph }) {
    if (facts === null || tph?.stLocation !== 'msix') return null
    const { path, names } = facts.list(`/sys/bus/pci/devices/${fn.bdf}/msi_irqs`)
    const evidence = `${path}: ${names.length} of ${tph.stEntries} vectors allocated`
    if (names.length >= tph.stEntries) return ok(evidence)
    return ok(`${evidence}; tags of the others wait until the owner allocates them`)
  },
}

const tags: Check<DeviceSeen> = {
  id: 'firmware-tags',
  judge({ answer }) {
    if (answer === null || answer instanceof TphctlError || answer.refusal !== null) return null
    const what = answer.kernel.keeper === 'kernel' ? 'GET' : "the device's own table"
    const set = answer.tags.findIndex((tag) => tag !== 0)
    if (set >= 0) return ok(`${what}: entry ${set} has tag ${tagText(answer.tags[set] ?? 0)}`)
    const zero = [...answer.known].find(({ st, index }) => st === 0 && index < answer.tags.length)
    if (zero === undefined) return unknown(`${what}: no entry has a tag, so only a SET would tell`)
    return problem(
      `${what}: tag 0 in entry ${zero.index}, which was set to CPU ${zero.cpu}: the firmware has none`,
      'ask the maker of the machine for firmware with steering tags (ACPI _DSM function 15)',
    )
  },
}

const locality: Check<DeviceSeen> = {
  id: 'owner-cpus',
  judge({ host, fn, facts, owner }) {
    if (owner instanceof TphctlError) return null
    const whose = `pid ${owner.pid}`
    const allowed = owner.allowedCpus
    if (allowed === null) return unknown(`the CPUs that ${whose} may run on cannot be seen`)
    if (fn.localCpus.length === 0) {
      return unknown(`${inSysfs({ fn, facts }, 'local_cpulist')}: which CPUs are near is not known`)
    }
    const far = new Set(remoteCpus(allowed, host.backend.topology, fn))
    const cpus = `${whose} may run on CPU ${formatNumberList(allowed)}`
    const near = `near the device are ${formatNumberList(fn.localCpus)}`
    if (far.size < allowed.length) return ok(`${cpus}; ${near}`)
    const fix = `let it run near the device: "taskset -apc ${formatNumberList(fn.localCpus)} ${owner.pid}"`
    return problem(`${cpus}, all on another socket; ${near}`, fix)
  },
}

/** What the owner must be like, and what the device answers through it. */
export const ownerChecks: readonly Check<DeviceSeen>[] = [
  owner,
  borrow,
  feature,
  vectors,
  tags,
  locality,
]

/** Missing rights leave open whether all is well. */
function failed(error: TphctlError, fix: string | null): Verdict {
  const evidence = error.message.slice(error.message.indexOf(': ') + 2)
  const way = error.hint ?? fix
  return error instanceof PermissionError && error.errno === 'EACCES'
    ? unknown(evidence, way)
    : problem(evidence, way)
}
