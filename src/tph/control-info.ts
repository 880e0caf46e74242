import type { ControlInfo } from './results.ts'

/** Whether TPH is on in a way that the specification defines. */
export function isEnabled({ requester }: ControlInfo): boolean {
  return requester === 'tph' || requester === 'extended'
}
