let last = 0

/**
 * 16 hexadecimal digits that nobody else on this host has at hand: microseconds since 1970 and a part of this process's number. No
 * secret: Node's crypto, which could make one, takes 4 ms and 3 MB to load.
 */
export function uniqueId(): string {
  const microseconds = Math.floor((performance.timeOrigin + performance.now()) * 1000)
  last = Math.max(microseconds, last + 1)
  return `${hex(last, 13)}${hex(process.pid & 0xfff, 3)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
