/*
 * tphctl as a library: the kernel interface as bytes, config-space decoding, the grammar, and the work on devices behind the
 * same Backend interface that the command uses.
 */
export * from './abi/codec.ts'
export { describeIoctl } from './abi/describe.ts'
export { errnoName, errnoNumber } from './abi/errno.ts'
export type { InterfaceChoice, InterfaceName } from './abi/interface-names.ts'
export * from './abi/tph-st.ts'
export * from './abi/vfio.ts'
export { type Bdf, compareBdf, parseBdf } from './args/bdf.ts'
export { formatNumberList, parseCpuList, parseIndexList } from './args/cpu-list.ts'
export { type CpuSelector, type Entry, type MemoryType, parseEntry } from './args/entry.ts'
export { type EntryToFormat, formatEntries } from './args/format-entries.ts'
export { hostFromDump } from './backend/mock/dump-host.ts'
export { MockBackend, type MockOptions } from './backend/mock/mock-backend.ts'
export { builtInHost, type MockHost } from './backend/mock/mock-host.ts'
export * from './backend/types.ts'
export {
  type ApplyOptions,
  type ApplyOutcome,
  applyDesiredState,
  diffDesiredState,
} from './desired/apply.ts'
export type { DesiredDevice, DesiredState } from './desired/desired-state.ts'
export { exportDevice } from './desired/export.ts'
export { parseDesiredState, type SourceText } from './desired/parse.ts'
export type * from './desired/results.ts'
export { DEFAULT_FOLDER, readTexts, type TextReader } from './desired/texts.ts'
export { type Diagnosis, examineDevice, examineHost } from './doctor/doctor.ts'
export * from './errors.ts'
export type { Notices } from './notices.ts'
export { ConfigSpace } from './pci/config-space.ts'
export { type DumpedFunction, formatLspciDump, parseLspciDump } from './pci/lspci-dump.ts'
export * from './pci/tph-capability.ts'
export { assignEntries } from './topology/assign.ts'
export type { Assignment } from './topology/assignments.ts'
export {
  type Followed,
  type Following,
  followInterrupts,
} from './topology/follow-interrupts.ts'
export type { Interrupt } from './topology/interrupt.ts'
export { type Spread, spreadCpus } from './topology/spread.ts'
export type { Topology } from './topology/topology.ts'
export { setControl } from './tph/control.ts'
export { describeDevice, listDevices } from './tph/describe.ts'
export type * from './tph/doctor-results.ts'
export { getEntries } from './tph/get-entries.ts'
export { findFunction, findTphFunction, type Host, type TphFunction } from './tph/host.ts'
export { lookAt } from './tph/look.ts'
export { mapOf } from './tph/map.ts'
export type * from './tph/map-results.ts'
export type * from './tph/plan-results.ts'
export { planClear, planSet, type SetOptions } from './tph/plan-set.ts'
export { type PlanPolicy, planTable } from './tph/plan-table.ts'
export { probeDevice } from './tph/probe.ts'
export { type ProgramOutcome, program, rehearse } from './tph/program.ts'
export type * from './tph/results.ts'
export { mergeRuns } from './tph/runs.ts'
export { askTags } from './tph/tag.ts'
export type { DevicePlan } from './tph/transaction.ts'
export { undoDevice } from './tph/undo.ts'
export { verifyDevice } from './tph/verify.ts'
export { Watcher } from './tph/watcher.ts'
export { VERSION } from './version.ts'
