/** The n-th of 65536 addresses in domain 0. */
export function nthBdf(n: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  return `0000:${hex(n >>> 8)}:${hex((n >>> 3) & 0x1f)}.${n & 7}`
}
