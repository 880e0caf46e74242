import { escapeUnseen } from '../args/quote.ts'
import type { Backend, PciFunction } from '../backend/types.ts'
import type { TphCapability } from '../pci/tph-capability.ts'
import { lookUpTph } from '../tph/host.ts'
import type { Candidate } from './answer.ts'

const DOMAIN = '0000:'

/**
 * The devices that a word may be: those with a TPH Requester capability, and those of a VFIO driver of which too little can be
 * seen. Without their domain where the word was begun so.
 */
export function completeDevices(backend: Backend, typed: string): Candidate[] {
  const devices = backend.functions().flatMap(about)
  if (devices.some(({ word }) => word.startsWith(typed))) return devices
  return devices
    .filter(({ word }) => word.startsWith(DOMAIN))
    .map((one) => ({ ...one, word: one.word.slice(DOMAIN.length) }))
}

function about(fn: PciFunction): Candidate[] {
  const { tph, reason } = lookUpTph(fn)
  const driver = fn.driver ?? 'no driver'
  if (reason === 'absent' || (tph === null && !driver.includes('vfio'))) return []
  const parts = [driver, `node ${fn.numaNode ?? 'unknown'}`, tableText(tph)]
  return [{ word: fn.bdf, about: escapeUnseen(parts.join(', ')) }]
}

function tableText(tph: TphCapability | null): string {
  if (tph === null) return 'TPH unknown'
  return tph.stEntries === 0 ? 'no ST table' : `${tph.stEntries} entries`
}
