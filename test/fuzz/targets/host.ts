import { LinuxBackend } from '../../../src/backend/linux/linux-backend.ts'
import type { Root } from '../../../src/backend/linux/root.ts'
import type { PciFunction } from '../../../src/backend/types.ts'
import { examineDevice, examineHost } from '../../../src/doctor/doctor.ts'
import { UnsupportedError } from '../../../src/errors.ts'
import { remoteCpus } from '../../../src/topology/distance.ts'
import { layOut } from '../../../src/topology/layout.ts'
import { describeDevice, listDevices } from '../../../src/tph/describe.ts'
import type { Host } from '../../../src/tph/host.ts'
import { type PlanPolicy, planTable } from '../../../src/tph/plan-table.ts'
import { refusal, valueIn } from '../refusal.ts'
import { bytesOf, promise, type Target } from '../target.ts'
import { HOST_PARTS } from './host-tree.ts'
import { MemoryRoot, treeOf, treeText } from './memory-root.ts'

const NOTICES = { note() {}, warn() {} }
const POLICIES: readonly PlanPolicy[] = [
  { kind: 'local' },
  { kind: 'node', node: 0 },
  { kind: 'l3', l3: 0 },
  { kind: 'irqs' },
]

/** A host as the program sees it, of which nothing can be opened. */
export function hostAt(root: Root): Host {
  const backend = new LinuxBackend({
    root,
    libc: () => {
      throw new UnsupportedError('Cannot reach a device: it is a copy')
    },
    pid: null,
    fd: null,
    how: null,
    ephemeral: false,
    runtimeDirectory: '/nowhere',
    user: 0,
    self: { pid: 2, command: 'tphctl', fd: -1, startTime: '1', allowedCpus: null },
    notifySocket: null,
  })
  const featureIndex = 14
  return { backend, notices: NOTICES, featureIndex, waitSeconds: 0, strict: false, trace: null }
}

function checkFunction(host: Host, fn: PciFunction): void {
  valueIn(() => describeDevice(host, fn))
  const group = valueIn(() => fn.iommuGroup)
  promise(group === null || Number.isSafeInteger(group), 'a group that is no whole number')
  const owner = valueIn(() => fn.owner)
  promise(owner === null || (owner.pid > 0 && owner.fd >= 0), 'an owner that is no process')
  valueIn(() => owner?.allowedCpus)
  valueIn(() => host.backend.requireOwner(fn.bdf))
  for (const policy of POLICIES) {
    const plan = valueIn(() => planTable(host, fn.bdf, policy, 'vm', policy.kind))
    promise((plan?.entries.length ?? 0) <= 2048, 'a plan beyond the table')
  }
  for (const { irq, vector } of valueIn(() => host.backend.interrupts(fn.bdf)) ?? [])
    promise(Number.isSafeInteger(irq) && (vector ?? 0) <= 9999, 'an interrupt that is no number')
  const { topology } = host.backend
  valueIn(() => layOut(topology, fn, topology.online))
  valueIn(() => remoteCpus(topology.online, topology, fn))
}

function checkTopology({ backend: { topology } }: Host): void {
  const { possible, online, nodes, l3, packages } = topology
  for (const set of [
    ...nodes,
    ...l3,
    ...packages,
    { id: 0, cpus: possible },
    { id: 0, cpus: online },
  ])
    promise(
      set.cpus.every((cpu, i) => cpu <= 65535 && cpu > (set.cpus[i - 1] ?? -1)),
      'CPUs out of order',
    )
  for (const { id } of [...nodes, ...l3, ...packages])
    promise(Number.isSafeInteger(id) && id >= 0, 'an id that is no number from 0 on')
}

/** /sys and /proc of a host: what is in every file that is read, and which files there are. */
export const hostFiles: Target = {
  name: 'host-files',
  share: 0.3,
  longest: 12_000,
  microsecondsPerByte: 40,
  seeds: () => HOST_PARTS.map(treeText).map(bytesOf),
  words: [
    ...['\x1e', '\x1f', '\x1ff', '\x1fl', '\x1fd', '\x1feEIO', '\x1feEACCES', '\x1e/proc/1/'],
    ...['0-65535', '-1', '\n', '../', '/dev/vfio/7', 'anon_inode:[vfio-device]', 'vfio0', '(', ')'],
    ...['0000:81:00.0', '10000:00:00.0', 'node0', 'index3', 'task/', 'fd/', '[vfio', ' (deleted)'],
  ],
  async run(input) {
    const host = hostAt(new MemoryRoot(treeOf(input)))
    valueIn(() => checkTopology(host))
    valueIn(() => listDevices(host))
    const functions = valueIn(() => host.backend.functions()) ?? []
    for (const fn of functions.slice(0, 4)) {
      valueIn(() => checkFunction(host, fn))
      await examineDevice(host, fn).catch(refusal)
    }
    await examineHost(host).catch(refusal)
  },
}
