/** Does what may as well not be done. @returns whether it went through */
export function quietly(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}
