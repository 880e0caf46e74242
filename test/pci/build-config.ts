/** A capability below 0x100: header, the u16 behind it, then u32 registers. */
export interface ConventionalPart {
  readonly offset: number
  readonly id: number
  /** The u16 at +2, such as MSI-X message control; 0 by default. */
  readonly flags?: number
  /** u32 registers from +4. */
  readonly dwords?: readonly number[]
  /** The next pointer as it stands; by default the next part's offset, 0 for the last. */
  readonly next?: number
}

/** A capability from 0x100 on: header, then u32 registers. */
export interface ExtendedPart {
  readonly offset: number
  readonly id: number
  /** 1 by default. */
  readonly version?: number
  /** u32 registers from +4. */
  readonly dwords?: readonly number[]
  /** The next pointer as it stands (12 bits); by default the next part's offset, 0 for the last. */
  readonly next?: number
}

/** What a config space is made of; everything not named is zero. */
export interface ConfigParts {
  /** 0x1234 by default. */
  readonly vendor?: number
  /** 0x5678 by default. */
  readonly device?: number
  readonly command?: number
  /** Header type byte: 0 endpoint (default), 1 bridge, 2 CardBus. */
  readonly headerType?: number
  /** Class code (24 bits) in bits 31:8, revision in 7:0; 0x02000000, Ethernet, by default. */
  readonly classRevision?: number
  /** Bus behind a bridge. */
  readonly secondaryBus?: number
  /** Linked in this order; the first is what the header points at. */
  readonly capabilities?: readonly ConventionalPart[]
  /** Linked in this order; the first has to be at 0x100, as hardware starts there. */
  readonly extended?: readonly ExtendedPart[]
  /** Bytes of the whole: 4096 by default. */
  readonly size?: number
}

/**
 * Builds a config space from its parts with literal register numbers, so that it owes nothing to the
 * code under test. Parts beyond `size` are cut off, as in a short read.
 */
export function buildConfig(parts: ConfigParts): Uint8Array {
  const bytes = new Uint8Array(4096)
  const view = new DataView(bytes.buffer)
  writeHeader(view, parts)
  for (const [i, part] of (parts.capabilities ?? []).entries()) {
    const next = part.next ?? parts.capabilities?.[i + 1]?.offset ?? 0
    view.setUint32(part.offset, (part.id | (next << 8) | ((part.flags ?? 0) << 16)) >>> 0, true)
    writeDwords(view, part.offset + 4, part.dwords ?? [])
  }
  for (const [i, part] of (parts.extended ?? []).entries()) {
    const next = part.next ?? parts.extended?.[i + 1]?.offset ?? 0
    const header = part.id | ((part.version ?? 1) << 16) | (next << 20)
    view.setUint32(part.offset, header >>> 0, true)
    writeDwords(view, part.offset + 4, part.dwords ?? [])
  }
  return bytes.slice(0, parts.size ?? 4096)
}

/** The same bytes with u32 registers overwritten: offset to value. */
export function patched(
  bytes: Uint8Array,
  registers: Readonly<Record<number, number>>,
): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes)
  const view = new DataView(copy.buffer)
  for (const [offset, value] of Object.entries(registers)) view.setUint32(+offset, value, true)
  return copy
}

function writeHeader(view: DataView, parts: ConfigParts): void {
  const listed = parts.capabilities?.[0]
  const headerType = parts.headerType ?? 0
  view.setUint16(0x00, parts.vendor ?? 0x1234, true)
  view.setUint16(0x02, parts.device ?? 0x5678, true)
  view.setUint16(0x04, parts.command ?? 0, true)
  view.setUint16(0x06, listed === undefined ? 0 : 0x10, true)
  view.setUint32(0x08, parts.classRevision ?? 0x02000000, true)
  view.setUint8(0x0e, headerType)
  if (parts.secondaryBus !== undefined) view.setUint8(0x19, parts.secondaryBus)
  if (listed !== undefined) view.setUint8((headerType & 0x7f) === 2 ? 0x14 : 0x34, listed.offset)
}

function writeDwords(view: DataView, from: number, dwords: readonly number[]): void {
  for (const [i, value] of dwords.entries()) {
    if (from + 4 * i + 4 <= view.byteLength) view.setUint32(from + 4 * i, value, true)
  }
}
