import { readJournal } from '../../src/backend/mock/journal.ts'
import { parseLedger } from '../../src/tph/ledger-text.ts'
import type { World } from './world.ts'

/** A lock's link: free, or who holds it. */
const LINK = /^-> (?:free|\d+:\d+:\d+:[0-9a-f-]+)$/
const LOCK = /^state\.lock(?:s\/built-in\/[0-9a-f:.]+)?\/\d+$/
const LEDGER = /^state\.ledger\/built-in\/([0-9a-f:.]+)\.json$/
const CODE = /^code\/[^/]+\/[a-z-]+\.cjs$/
/** What a killed command may leave, of each file one. */
const UNFINISHED =
  /^(state|FILE|code\/[^/]+\/[a-z-]+\.cjs|state\.ledger\/built-in\/[0-9a-f:.]+\.json)\.(?:\d+(?:\.new)?|new)$/
/** A lock is one link; another while it is handed on. */
const LINKS = 2

/** What is wrong with the files that a killed command left; nothing when all parse and no more are left than one of each. */
export function wrongFiles(world: World): string[] {
  const wrong: string[] = []
  const counts = new Map<string, number>()
  const count = (what: string, most: number) => {
    const now = (counts.get(what) ?? 0) + 1
    counts.set(what, now)
    if (now > most) wrong.push(`${now} of ${what}`)
  }
  for (const [name, content] of world.files()) {
    if (LOCK.test(name)) {
      if (!LINK.test(content)) wrong.push(`${name} ${content}`)
      count(name.replace(/\d+$/, ''), LINKS)
    } else if (name === 'state') wrong.push(...wrongJournal(world))
    else if (LEDGER.test(name)) wrong.push(...wrongLedger(name, content))
    else if (UNFINISHED.test(name)) count(`unfinished ${UNFINISHED.exec(name)?.[1]}`, 1)
    else if (name !== 'FILE' && !CODE.test(name)) wrong.push(`nobody knows ${name}`)
  }
  return wrong
}

/** What is left unfinished. */
export function unfinished(world: World): string[] {
  return [...world.files().keys()].filter((name) => UNFINISHED.test(name))
}

function wrongJournal({ state }: World): string[] {
  try {
    readJournal(state, null)
    return []
  } catch (error) {
    return [`state: ${(error as Error).message}`]
  }
}

function wrongLedger(name: string, text: string): string[] {
  const ledger = parseLedger(text)
  return ledger !== null && ledger.device === LEDGER.exec(name)?.[1] ? [] : [`${name}: ${text}`]
}

/** The names of the changes that the ledgers have an undo of. */
export function changesToUndo(world: World): Set<string> {
  const ledgers = [...world.files()].filter(([name]) => LEDGER.test(name))
  return new Set(ledgers.flatMap(([, text]) => parseLedger(text)?.undo?.change ?? []))
}
