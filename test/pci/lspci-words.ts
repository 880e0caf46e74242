import type { TphCapability } from '../../src/pci/tph-capability.ts'

/** What `lspci -vvv` tells of a TPH capability; it does not print No ST mode, nor the table's size. */
export type LspciTph = Pick<TphCapability, 'offset' | 'modes' | 'extended' | 'stLocation'>

const PLACES: readonly (readonly [string, TphCapability['stLocation']])[] = [
  ['No steering table available', 'none'],
  ['Steering table in TPH capability structure', 'capability'],
  ['Steering table in MSI-X table', 'msix'],
  ['Reserved steering table location', 'reserved'],
]

/** The TPH capabilities in the words of `lspci -vvv`, in their order. */
export function lspciTph(text: string): LspciTph[] {
  return capabilityBlocks(text)
    .filter((block) => block.text.startsWith('Transaction Processing Hints'))
    .map(({ offset, text: words }) => ({ offset, ...readWords(words) }))
}

/** Every capability of one function in `lspci -vvv` output: config offset and text, children included. */
export function capabilityBlocks(text: string): { offset: number; text: string }[] {
  return text.split(/^\tCapabilities: \[/m).flatMap((block) => {
    const match = /^([0-9a-f]+)(?: v[0-9]+)?\] /.exec(block)
    if (match === null) return []
    return [{ offset: Number.parseInt(match[1] ?? '', 16), text: block.slice(match[0].length) }]
  })
}

function readWords(words: string): Omit<LspciTph, 'offset'> {
  const interrupt = words.includes('Interrupt vector mode supported') ? (['iv'] as const) : []
  const specific = words.includes('Device specific mode supported') ? (['ds'] as const) : []
  const place = PLACES.find(([phrase]) => words.includes(phrase))
  if (place === undefined) throw new Error(`lspci names no place of the table: ${words}`)
  const extended = words.includes('Extended requester support')
  return { modes: [...interrupt, ...specific], extended, stLocation: place[1] }
}
