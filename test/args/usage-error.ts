import { expect } from 'vitest'
import { UsageError } from '../../src/errors.ts'

/** The message of the UsageError that `act` must throw: one line, no full stop at its end, no control character. */
export function usageMessage(act: () => unknown): string {
  const error = thrownBy(act)
  expect(error).toBeInstanceOf(UsageError)
  const { message } = error as UsageError
  expect(message).toMatch(/^\P{C}+$/u)
  expect(message).not.toMatch(/\.$/)
  expect(message.length).toBeLessThan(500)
  return message
}

/** What `act` returns, or undefined when it throws a UsageError; anything else it throws fails the test. */
export function valueOrUsageError<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof UsageError) return undefined
    throw error
  }
}

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
