import { parseCpuList } from '../../args/cpu-list.ts'
import { quote } from '../../args/quote.ts'
import { RefusedError, UsageError } from '../../errors.ts'
import type { Root } from './root.ts'

const NUMBER = /^-?\d{1,15}$/

/** The whole number that a file holds, perhaps negative; null when it is not there. @throws TphctlError */
export function numberIn(root: Root, path: string): number | null {
  const text = root.text(path)
  if (text === null) return null
  if (!NUMBER.test(text)) throw malformed(path, text, 'a whole number')
  return Number(text)
}

/** The CPUs that a file lists, ascending; null when it is not there. @throws TphctlError */
export function cpusIn(root: Root, path: string): number[] | null {
  const text = root.text(path)
  if (text === null) return null
  if (text === '') return []
  try {
    return [...new Set(parseCpuList(text))].sort((a, b) => a - b)
  } catch (error) {
    if (error instanceof UsageError) throw malformed(path, text, 'a CPU list')
    throw error
  }
}

/** What a file held that every host has. @throws RefusedError when it was not there */
export function required<T>(path: string, value: T | null): T {
  if (value !== null) return value
  throw new RefusedError(`Cannot read ${path}: ENOENT, no such file`, { errno: 'ENOENT' })
}

/** The error for a file of the host that holds something else than it should. */
export function malformed(path: string, text: string, expected: string): RefusedError {
  return new RefusedError(`Cannot read ${path}: ${quote(text)} is not ${expected}`)
}
