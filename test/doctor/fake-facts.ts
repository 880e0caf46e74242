import type { Blocker, NodeState } from '../../src/backend/host-facts.ts'
import type { HostFacts } from '../../src/backend/types.ts'
import type { Check, Verdict } from '../../src/doctor/check.ts'
import type { HostSeen } from '../../src/doctor/host-seen.ts'

/** A host in words: what is left out is not there. */
export interface FakeHost {
  /** Texts of files; an errno in an array stands for one that cannot be read. */
  readonly files?: Readonly<Record<string, string | readonly [errno: string]>>
  readonly folders?: Readonly<Record<string, readonly string[]>>
  readonly nodes?: Readonly<Record<string, NodeState>>
  /** Where the kernel's configuration is looked for. */
  readonly config?: readonly string[]
  readonly blockers?: readonly Blocker[]
  readonly vfioNodes?: readonly string[]
  readonly isCopy?: boolean
  /** Why no native binding loads. */
  readonly noBinding?: string
}

/** The facts of such a host. */
export function fakeFacts(host: FakeHost): HostFacts {
  const { files = {}, folders = {}, nodes = {}, config = ['/boot/config-7.3.4'], noBinding } = host
  const read = (path: string) => {
    const text = files[path] ?? ['ENOENT']
    return typeof text === 'string'
      ? { path, text, errno: null }
      : { path, text: null, errno: text[0] ?? '' }
  }
  return {
    isCopy: host.isCopy ?? false,
    read,
    list: (path) => ({ path, names: folders[path] ?? [] }),
    node: (path) => nodes[path] ?? 'missing',
    kernelConfig: () => config.map(read),
    nodesOf: () => host.vfioNodes ?? [],
    isOnVfioDriver: () => true,
    blockers: () => host.blockers ?? [],
    binding: () =>
      noBinding === undefined ? { name: 'koffi', problem: null } : { problem: noBinding },
  }
}

/** What the rule of that name says of such a host; null where it does not apply. */
export function verdictOf(
  checks: readonly Check<HostSeen>[],
  id: string,
  host: FakeHost,
  more: Partial<Omit<HostSeen, 'facts'>> = {},
): Verdict | null {
  const check = checks.find((one) => one.id === id)
  if (check === undefined) throw new RangeError(`there is no check ${id}`)
  return check.judge({ facts: fakeFacts(host), struct: 'present', answered: false, ...more })
}
