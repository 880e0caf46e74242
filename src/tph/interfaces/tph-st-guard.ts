import { E, errnoName } from '../../abi/errno.ts'
import { encodeProbe, type FeatureOp } from '../../abi/tph-st.ts'
import { VFIO_DEVICE_FEATURE } from '../../abi/vfio.ts'
import { UnsupportedError } from '../../errors.ts'
import { explainErrno } from '../errno-meaning.ts'
import { tableEntries } from '../tph-function.ts'
import { tryGet } from './tph-st-reply.ts'
import type { Findings, OpenDevice, Question, Refusal, Use } from './types.ts'

/** The methods that each use takes. */
const METHODS: Readonly<Record<Use, readonly FeatureOp[]>> = {
  look: ['get'],
  compare: ['get', 'set'],
  set: ['get', 'set'],
  control: ['set'],
  ask: ['get', 'set'],
  all: ['get', 'set'],
}

/** Parts 2 and 3 of the guard (uapi section 1): PROBE with each method to be used, and the shape of GET. */
export function examineTphSt(
  device: OpenDevice,
  featureIndex: number,
  { found, use }: Question,
): Findings {
  const probe = (op: FeatureOp) => device.call(VFIO_DEVICE_FEATURE, encodeProbe(featureIndex, [op]))
  const probed = METHODS[use].map((op) => ({ op, errno: probe(op) }))
  const confirmed = probed.filter(({ errno }) => errno === 0).map(({ op }) => op)
  const refused = probed.find(({ errno }) => errno !== 0)
  const refusal =
    refused === undefined
      ? wrongShape(device, featureIndex, tableEntries(found))
      : said(`PROBE ${refused.op.toUpperCase()}`, refused.errno)
  return { ops: new Set(confirmed), refusal }
}

/** @param entries how many entries the kernel's table should have; without any GET has no shape to check */
function wrongShape(device: OpenDevice, featureIndex: number, entries: number): Refusal | null {
  if (entries === 0) return null
  const one = getQuietly(device, featureIndex, 0)
  if (typeof one !== 'number') return one
  if (one !== 0) return said('GET of entry 0', one)
  const beyond = getQuietly(device, featureIndex, entries)
  if (typeof beyond !== 'number') return beyond
  if (beyond === E.EINVAL) return null
  const answer = beyond === 0 ? 'success' : errnoName(beyond)
  const reason = `GET of entry ${entries}, beyond the table, says ${answer} and not EINVAL`
  return { reason, errno: beyond === 0 ? null : beyond }
}

function said(call: string, errno: number): Refusal {
  return { reason: `${call} says ${explainErrno(errno)}`, errno }
}

/** GET of one entry. @returns its errno, or what is wrong with the reply */
function getQuietly(device: OpenDevice, featureIndex: number, index: number): number | Refusal {
  try {
    const reply = tryGet(device, featureIndex, { index, count: 1 })
    return typeof reply === 'number' ? reply : 0
  } catch (error) {
    // The shape alone: what keeps the device from being asked at all says nothing about the feature.
    if (!(error instanceof UnsupportedError)) throw error
    return { reason: error.message.replace(/^Cannot use TPH_ST: /, ''), errno: null }
  }
}
