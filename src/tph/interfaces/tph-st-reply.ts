import {
  decodeTags,
  encodeGet,
  ShapeError,
  type StRange,
  TPH_ST_DATA_OFFSET,
} from '../../abi/tph-st.ts'
import { VFIO_DEVICE_FEATURE } from '../../abi/vfio.ts'
import { UnsupportedError } from '../../errors.ts'
import type { OpenDevice } from './types.ts'

/** A tag has 16 bits at most (PCIe 6.0 section 2.2.7.1.1). */
const MAX_TAG = 0xffff

/**
 * GET of a range of entries.
 *
 * @returns their tags, or the errno
 * @throws UnsupportedError when the reply is not one of TPH_ST
 */
export function tryGet(
  device: OpenDevice,
  featureIndex: number,
  range: StRange,
): Uint32Array | number {
  const bytes = encodeGet(featureIndex, range)
  bytes.fill(0xff, TPH_ST_DATA_OFFSET)
  const errno = device.call(VFIO_DEVICE_FEATURE, bytes)
  if (errno !== 0) return errno
  const tags = decodeReply(bytes, range)
  if (tags.some((tag) => tag > MAX_TAG)) throw wrongShape(`a tag above 0x${MAX_TAG.toString(16)}`)
  return tags
}

function decodeReply(bytes: Uint8Array, range: StRange): Uint32Array {
  try {
    return decodeTags(bytes, range)
  } catch (error) {
    throw error instanceof ShapeError ? wrongShape('another header than it was sent') : error
  }
}

function wrongShape(what: string): UnsupportedError {
  return new UnsupportedError(
    `Cannot use TPH_ST: GET answered with ${what}, so this is another feature`,
    {
      hint: 'name the right one with --feature-index',
    },
  )
}
