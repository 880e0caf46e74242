import type { Bdf } from '../args/bdf.ts'
import { describeDevice, listDevices } from '../tph/describe.ts'
import type { DoctorResult } from '../tph/doctor-results.ts'
import { findFunction, type Host, lookUpTph } from '../tph/host.ts'
import { examineDevice, examineHost } from './doctor.ts'

/**
 * Reads what `list`, `info` and `doctor` read, of one device or of all with TPH, and the CPUs.
 *
 * @param host one that notes what is read
 * @returns doctor's report
 * @throws NotFoundError when there is no such device
 */
export async function gatherHost(host: Host, bdf: Bdf | null): Promise<DoctorResult> {
  // What those commands would tell beside their results, the report has.
  const quiet = { ...host, notices: { note() {}, warn() {} } }
  readTopology(host)
  if (bdf !== null) {
    const fn = findFunction(quiet, bdf)
    describeDevice(quiet, fn)
    await readNeighbours(quiet, fn.iommuGroup)
    return (await examineDevice(quiet, fn)).value
  }
  for (const { device } of listDevices(quiet).devices) {
    const fn = findFunction(quiet, device)
    describeDevice(quiet, fn)
    await examineDevice(quiet, fn)
  }
  return (await examineHost(quiet)).value
}

/** Each member is read when it is asked for. */
function readTopology({ backend: { topology } }: Host): void {
  const { possible, online, nodes, l3, packages } = topology
  void [possible, online, nodes, l3, packages]
}

/** The others of a group are named in the bundle, so that `list` must be able to tell what they are. */
async function readNeighbours({ backend }: Host, group: number | null): Promise<void> {
  const facts = group === null ? undefined : await backend.facts?.()
  for (const bdf of facts?.list(`/sys/kernel/iommu_groups/${group}/devices`).names ?? []) {
    const fn = backend.find(bdf)
    if (fn !== null) lookUpTph(fn)
  }
}
