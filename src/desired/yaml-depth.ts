import type { CST } from 'yaml'

/** Lists and mappings within each other that can be read; desired state has six. */
const MOST_DEPTH = 50

/**
 * Whether a document is nested deeper than can be read. What composes it descends by calling itself, and Node.js ends the process where an
 * expression has to be compiled at the end of the stack: so that is looked at before.
 */
export function isTooDeep(document: CST.Token): boolean {
  let level: CST.Token[] = [document]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_DEPTH) return true
    level = level.flatMap(tokensIn)
  }
  return false
}

function tokensIn(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (!('items' in token)) return []
  const items: readonly CST.CollectionItem[] = token.items
  return items.flatMap(({ key, value }) =>
    [key, value].filter((one) => one !== undefined && one !== null),
  )
}
