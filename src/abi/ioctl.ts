/**
 * An ioctl number without direction or size, as C's `_IO()` of <asm-generic/ioctl.h>.
 *
 * @param type the one character of the driver's range, such as `;`
 * @param nr 0 to 255
 * @throws RangeError at import when either does not fit its 8 bits
 */
export function _IO(type: string, nr: number): number {
  const code = type.charCodeAt(0)
  if (type.length !== 1 || code > 0xff || !Number.isInteger(nr) || nr < 0 || nr > 0xff) {
    throw new RangeError(`Cannot make ioctl number of type "${type}", nr ${nr}: 8 bits each`)
  }
  return (code << 8) | nr
}
