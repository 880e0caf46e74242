import type { ControlInfo } from '../../tph/results.ts'

/** The control register in a word: `off` or its mode. */
export function controlText({ mode, requester }: ControlInfo): string {
  return requester === 'off' ? 'off' : mode
}
