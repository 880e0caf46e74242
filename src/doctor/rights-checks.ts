import { type Check, isUnread, ok, problem, said, unknown } from './check.ts'
import { type HostSeen, meansCheck } from './host-seen.ts'
import { NO_IOMMU_MODE } from './vfio-checks.ts'

interface Capability {
  readonly name: string
  /** Its number in <linux/capability.h>. */
  readonly bit: bigint
  readonly purpose: string
  /** The file that says `Y` on hosts where the purpose is there; on all of them unless told. */
  readonly switch?: string
}

const CAPABILITIES: readonly Capability[] = [
  { name: 'CAP_SYS_PTRACE', bit: 19n, purpose: "borrow the device of another user's process" },
  { name: 'CAP_DAC_READ_SEARCH', bit: 2n, purpose: "see the open files of other users' processes" },
  { name: 'CAP_SYS_ADMIN', bit: 21n, purpose: 'read config space beyond its first 64 bytes' },
  {
    name: 'CAP_SYS_RAWIO',
    bit: 17n,
    purpose: 'hold a device without an IOMMU',
    switch: NO_IOMMU_MODE,
  },
]

const STATUS = '/proc/self/status'
const SYS_PTRACE = 19n

const yama: Check<HostSeen> = {
  id: 'ptrace-scope',
  judge(seen) {
    const scope = seen.facts.read('/proc/sys/kernel/yama/ptrace_scope')
    const evidence = said(scope, scope.text ?? '')
    if (scope.errno === 'ENOENT') return ok(`${evidence}, Yama is not in this kernel`)
    if (scope.text === '0') return ok(evidence)
    if (scope.text === '3') {
      const fix = 'boot with a lower kernel.yama.ptrace_scope, or give the device with --fd N'
      return problem(`${evidence}, which forbids borrowing to everybody`, fix)
    }
    const held = hasCapability(seen, SYS_PTRACE)
    if (scope.text === null) return unknown(evidence)
    if (held === null) return unknown(`${evidence}; ${whyNotHeld(seen)}`)
    return held
      ? ok(`${evidence}, which CAP_SYS_PTRACE overrides`)
      : problem(
          `${evidence}, which asks for CAP_SYS_PTRACE`,
          'run it as root or with CAP_SYS_PTRACE',
        )
  },
}

/** What this process may do. */
export const rightsChecks: readonly Check<HostSeen>[] = [
  meansCheck(yama),
  ...CAPABILITIES.map((capability) => meansCheck(capabilityCheck(capability))),
]

function capabilityCheck({ name, bit, purpose, switch: file }: Capability): Check<HostSeen> {
  return {
    id: name.toLowerCase().replaceAll('_', '-'),
    judge(seen) {
      const mode = file === undefined ? null : seen.facts.read(file)
      if (mode !== null && mode.text !== 'Y') return isUnread(mode) ? unknown(said(mode, '')) : null
      const held = hasCapability(seen, bit)
      if (held === null) return unknown(whyNotHeld(seen))
      if (held) return ok(`${STATUS}: CapEff has ${name}`)
      return problem(
        `${STATUS}: CapEff lacks ${name}, which it takes to ${purpose}`,
        `run it as root or with ${name}`,
      )
    },
  }
}

/** Null when that cannot be seen. */
function hasCapability({ facts }: HostSeen, bit: bigint): boolean | null {
  const mask = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(facts.read(STATUS).text ?? '')?.[1]
  return mask === undefined ? null : ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n
}

/** Why it cannot be seen. */
function whyNotHeld({ facts }: HostSeen): string {
  return said(facts.read(STATUS), 'no CapEff')
}
