import { u32, viewOf } from './codec.ts'
import {
  CLEAR_CPU,
  PCI_TPH_DATA_OFFSET,
  VFIO_DEVICE_PCI_TPH,
  VFIO_PCI_TPH_DISABLE,
  VFIO_PCI_TPH_ENABLE,
  VFIO_PCI_TPH_GET_CAP,
  VFIO_PCI_TPH_GET_ST,
  VFIO_PCI_TPH_MODE_DS,
  VFIO_PCI_TPH_MODE_IV,
  VFIO_PCI_TPH_SET_ST,
  vfio_device_pci_tph_op,
  vfio_pci_tph_cap,
  vfio_pci_tph_ctrl,
  vfio_pci_tph_entry,
  vfio_pci_tph_st,
} from './pci-tph-v8.ts'
import { entryOffset } from './pci-tph-v8-codec.ts'

const OPS: ReadonlyMap<number, string> = new Map([
  [VFIO_PCI_TPH_GET_CAP, 'GET_CAP'],
  [VFIO_PCI_TPH_ENABLE, 'ENABLE'],
  [VFIO_PCI_TPH_DISABLE, 'DISABLE'],
  [VFIO_PCI_TPH_GET_ST, 'GET_ST'],
  [VFIO_PCI_TPH_SET_ST, 'SET_ST'],
])

const MODES: ReadonlyMap<number, string> = new Map([
  [VFIO_PCI_TPH_MODE_IV, 'iv'],
  [VFIO_PCI_TPH_MODE_DS, 'ds'],
])

const MEMORY_TYPES = ['vm', 'pm']

/**
 * One line about a VFIO_DEVICE_PCI_TPH for the `-v` trace: `VFIO_DEVICE_PCI_TPH SET_ST count 3 0-1=8-9 4=3@pm`. Never
 * throws: of a short or contradictory buffer it says what is in it, with its argsz.
 *
 * @returns null for another ioctl
 */
export function describePciTph(request: number, bytes: Uint8Array): string | null {
  if (request !== VFIO_DEVICE_PCI_TPH) return null
  return ['VFIO_DEVICE_PCI_TPH', ...describeOp(bytes)].join(' ')
}

function describeOp(bytes: Uint8Array): string[] {
  if (bytes.length < u32.size) return []
  if (bytes.length < vfio_device_pci_tph_op.size) return [`argsz ${u32.read(viewOf(bytes), 0)}`]
  const { argsz, op } = vfio_device_pci_tph_op.decode(bytes)
  const payload = argsz === bytes.length ? describePayload(op, bytes) : null
  return [OPS.get(op) ?? `op ${op}`, ...(payload ?? [`argsz ${argsz}`])]
}

/** Null for what is not as long as its operation makes it. */
function describePayload(op: number, bytes: Uint8Array): string[] | null {
  const size = bytes.length - PCI_TPH_DATA_OFFSET
  switch (op) {
    case VFIO_PCI_TPH_GET_CAP:
    case VFIO_PCI_TPH_DISABLE:
      return size === vfio_pci_tph_cap.size ? [] : null
    case VFIO_PCI_TPH_ENABLE: {
      if (size !== vfio_pci_tph_ctrl.size) return null
      const { mode } = vfio_pci_tph_ctrl.decode(bytes, PCI_TPH_DATA_OFFSET)
      return [MODES.get(mode) ?? `mode ${mode}`]
    }
    case VFIO_PCI_TPH_GET_ST:
    case VFIO_PCI_TPH_SET_ST:
      return describeEntries(op, bytes)
    default:
      return null
  }
}

function describeEntries(op: number, bytes: Uint8Array): string[] | null {
  if (bytes.length < entryOffset(0)) return null
  const { count } = vfio_pci_tph_st.decode(bytes, PCI_TPH_DATA_OFFSET)
  if (bytes.length !== entryOffset(count)) return null
  const entries = Array.from({ length: count }, (_, i) =>
    vfio_pci_tph_entry.decode(bytes, entryOffset(i)),
  )
  return [`count ${count}`, ...joinRuns(entries, op === VFIO_PCI_TPH_SET_ST)]
}

type Entry = ReturnType<typeof vfio_pci_tph_entry.decode>

interface Run {
  readonly index: number
  readonly cpu: number
  readonly memType: number
  count: number
  /** By how much each CPU is above the one before: 0 or 1. */
  step: number
}

/** In order, what continues in index, CPU and memory type joined: `0-3=8-11`. GET_ST has no indexes. */
function joinRuns(entries: readonly Entry[], isSet: boolean): string[] {
  const runs: Run[] = []
  for (const { index, cpu, mem_type: memType } of entries) {
    const run = runs.at(-1)
    if (run === undefined || !continues(run, index, cpu, memType, isSet)) {
      runs.push({ index, cpu, memType, count: 1, step: 1 })
    }
  }
  return runs.map((run) => runText(run, isSet))
}

function continues(run: Run, index: number, cpu: number, memType: number, isSet: boolean): boolean {
  if (memType !== run.memType || (isSet && index !== run.index + run.count)) return false
  const last = run.cpu + (run.count - 1) * run.step
  const step = cpu - last
  if (run.count > 1 && step !== run.step) return false
  if (step !== 0 && (step !== 1 || cpu === CLEAR_CPU)) return false
  run.step = step
  run.count += 1
  return true
}

function runText({ index, cpu, memType, count, step }: Run, isSet: boolean): string {
  const type = memType === 0 ? '' : `@${MEMORY_TYPES[memType] ?? memType}`
  const cpus = cpu === CLEAR_CPU ? 'none' : listText(cpu, step === 0 ? 1 : count)
  return isSet ? `${listText(index, count)}=${cpus}${type}` : `cpu ${cpus}${type}`
}

function listText(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`
}
