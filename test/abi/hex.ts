/** Lower-case hex of bytes, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** The bytes of a hex string; spaces between fields are ignored. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

/** `bytes` as a part of a larger buffer of 0xaa, at an odd byteOffset. */
export function inLargerBuffer(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length + 20).fill(0xaa)
  larger.set(bytes, 7)
  return larger.subarray(7, 7 + bytes.length)
}
