/** Most numbers that one list may stand for. */
const MOST = 65_536

/**
 * A CPU list of cpuset(7), read letter by letter and without any of the code of `src`.
 *
 * @returns the numbers as written, or null where the list is none or stands for too many
 */
export function numbersOf(word: string, max: number): number[] | null {
  const numbers: number[] = []
  for (const part of word.split(',')) {
    const [range = '', ...pattern] = part.split(':')
    const [first, last = first, ...rest] = range.split('-')
    const [used = '1', group = '1', ...more] = pattern.length === 0 ? [] : halves(pattern)
    if (pattern.length > 0 && !range.includes('-')) return null
    if (rest.length > 0 || more.length > 0 || part.length > 64) return null
    const [a, b, u, g] = [first, last, used, group].map(numberOf)
    if (a === undefined || b === undefined || u === undefined || g === undefined) return null
    if ([a, b, u, g].includes(-1)) return null
    if (a > b || b > max || u < 1 || u > g) return null
    for (let number = a; number <= b; number++) if ((number - a) % g < u) numbers.push(number)
    if (numbers.length > MOST) return null
  }
  return numbers
}

/** `USED/GROUP`; one half too many where it is not that. */
function halves(pattern: readonly string[]): string[] {
  const [text = '', ...rest] = pattern
  const parts = text.split('/')
  return parts.length === 2 && rest.length === 0 ? parts : ['', '', '']
}

function numberOf(text: string | undefined): number {
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : -1
}
