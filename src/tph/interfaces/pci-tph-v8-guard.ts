import {
  VFIO_DEVICE_PCI_TPH,
  VFIO_PCI_TPH_MODE_DS,
  VFIO_PCI_TPH_MODE_IV,
} from '../../abi/pci-tph-v8.ts'
import {
  decodeGetCap,
  encodeGetCap,
  type PciTphCap,
  PciTphShapeError,
} from '../../abi/pci-tph-v8-codec.ts'
import { PCI_TPH_CAP, PCI_TPH_CAP_ST_MASK, PCI_TPH_CAP_ST_SHIFT } from '../../pci/regs.ts'
import type { TphCapability } from '../../pci/tph-capability.ts'
import { explainErrno } from '../errno-meaning.ts'
import { MEANINGS } from './pci-tph-v8-meanings.ts'
import type { Findings, OpenDevice, Question, Refusal } from './types.ts'

const MODE_BITS = [
  ['iv', VFIO_PCI_TPH_MODE_IV],
  ['ds', VFIO_PCI_TPH_MODE_DS],
] as const
const ALL_MODES = VFIO_PCI_TPH_MODE_IV | VFIO_PCI_TPH_MODE_DS

/**
 * GET_CAP, which changes nothing, and whether its reply agrees with the capability in config space: a later kernel may mean something
 * else by the number of VFIO_DEVICE_PCI_TPH, and would have to answer the same by chance.
 */
export function examinePciTph(device: OpenDevice, question: Question): Findings {
  const bytes = encodeGetCap()
  const errno = device.call(VFIO_DEVICE_PCI_TPH, bytes)
  const refusal =
    errno === 0
      ? whyDisbelieved(bytes, question)
      : { reason: `GET_CAP says ${explainErrno(errno, MEANINGS)}`, errno }
  if (refusal !== null) return { ops: new Set(), refusal }
  const { modes, stEntries } = question.tph
  return {
    ops: new Set([
      ...(modes.includes('ds') ? (['get'] as const) : []),
      ...(stEntries > 0 ? (['set'] as const) : []),
    ]),
    refusal: null,
  }
}

function whyDisbelieved(reply: Uint8Array, question: Question): Refusal | null {
  try {
    return disagreement(decodeGetCap(reply), question)
  } catch (error) {
    if (!(error instanceof PciTphShapeError)) throw error
    return other(`GET_CAP answers with ${error.message}`)
  }
}

function disagreement(cap: PciTphCap, { tph, config }: Question): Refusal | null {
  const modes = modeBits(tph)
  if (cap.supported_modes !== modes) {
    const hex = (bits: number) => `0x${bits.toString(16)}`
    return other(
      `GET_CAP says modes ${hex(cap.supported_modes)} where the capability in config space has ${hex(modes)}`,
    )
  }
  // A reply of zeros is what anything might answer.
  if ((modes & ALL_MODES) === 0)
    return { reason: 'the device has neither IV nor DS mode', errno: null }
  const register = config.u32(tph.offset + PCI_TPH_CAP)
  const field = ((register & PCI_TPH_CAP_ST_MASK) >>> PCI_TPH_CAP_ST_SHIFT) + 1
  const sizes = tph.stEntries === 0 ? [0] : [tph.stEntries, field]
  if (sizes.includes(cap.st_table_sz)) return null
  return other(
    `GET_CAP says ${cap.st_table_sz} entries where the capability in config space has ${tph.stEntries}`,
  )
}

function modeBits({ modes }: TphCapability): number {
  return MODE_BITS.reduce((bits, [mode, bit]) => (modes.includes(mode) ? bits | bit : bits), 0)
}

function other(reason: string): Refusal {
  return { reason: `${reason}: this is not VFIO_DEVICE_PCI_TPH`, errno: null }
}
