import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  visit,
  type YAMLMap,
} from 'yaml'
import { escapeUnseen, quote, shorten } from '../args/quote.ts'
import type { Place } from './desired-state.ts'
import type { Problems } from './problems.ts'
import { isTooDeep } from './yaml-depth.ts'

/** A document of a YAML or JSON text: plain values, and where each is written. */
export interface Parsed {
  readonly value: unknown
  /**
   * Where the value below that path is written, or as near above it as there is a place.
   *
   * @param path keys and indexes from the top
   */
  placeOf(path: readonly (string | number)[]): Place
  /** Where a key is written. @param path of its value */
  placeOfKey(path: readonly (string | number)[]): Place
}

/**
 * Parses YAML 1.2, and so JSON, without what makes it surprising: tags, anchors and aliases, keys that are no strings or
 * stand twice.
 *
 * @returns its documents; none when something is wrong with the text, which is noted
 */
export function readYaml(text: string, source: string, problems: Problems): Parsed[] {
  const lines = new LineCounter()
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { source, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text.replace(LONE_RETURN, '\n'))]
  if (tokens.some(isTooDeep)) {
    problems.add(placeAt(0), 'Cannot parse YAML: it is nested too deep')
    return []
  }
  const documents = [...new Composer(OPTIONS).compose(tokens)]
  const troubles = documents.length === 0 ? EMPTY : documents.flatMap(troublesOf)
  for (const { offset, message } of troubles) problems.add(placeAt(offset), message)
  return troubles.length > 0 ? [] : documents.map((document) => parsed(document, placeAt))
}

/** A line break of YAML (1.2.2, section 5.4) and white space of JSON, which the parser takes for text. */
const LONE_RETURN = /\r(?!\n)/g

/** Characters of what the parser says, which may have all the rest of the text in it. */
const MOST_SAID = 200

const KEY_TWICE = 'Cannot parse YAML: Map keys must be unique'
const EMPTY: readonly Trouble[] = [
  { offset: 0, message: 'Cannot use an empty file: expected devices' },
]

interface Trouble {
  readonly offset: number
  readonly message: string
}

function troublesOf(document: Document.Parsed): Trouble[] {
  const said = [...document.errors, ...document.warnings].map(({ message, pos: [offset] }) => ({
    offset,
    message: `Cannot parse YAML: ${shorten(escapeUnseen(message), MOST_SAID)}`,
  }))
  const { explicit, version } = document.directives.yaml
  if (explicit === true && version !== '1.2') {
    const offset = document.range[0]
    said.push({ offset, message: `Cannot read YAML ${version}: expected YAML 1.2` })
  }
  visit(document, (_, node) => {
    const message = isNode(node) ? unwanted(node) : null
    if (isNode(node) && message !== null) said.push({ offset: startOf(node), message })
    if (isMap(node))
      for (const key of keysTwice(node)) said.push({ offset: startOf(key), message: KEY_TWICE })
  })
  return said
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  strict: true,
  // Looked for below: the parser compares each key with every other one.
  uniqueKeys: false,
  stringKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const

/** The keys of a mapping that are there already. */
function keysTwice({ items }: YAMLMap): Node[] {
  const seen = new Set<unknown>()
  return items.flatMap(({ key }) => {
    const isNew = seen.size < seen.add(keyText(key)).size
    return isNew || !isNode(key) ? [] : [key]
  })
}

/** What `!!` stands for. */
const CORE = /^tag:yaml\.org,2002:/

function unwanted(node: Node): string | null {
  if (isAlias(node)) return `Cannot use alias ${quote(`*${node.source}`)}: write it out`
  if (node.tag !== undefined) {
    return `Cannot use tag ${quote(node.tag.replace(CORE, '!!'))}: put text into quotes and leave tags out`
  }
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
  return anchor === undefined ? null : `Cannot use anchor ${quote(`&${anchor}`)}: leave it out`
}

function parsed(document: Document.Parsed, placeAt: (offset: number) => Place): Parsed {
  const find = (path: readonly (string | number)[]): Node | null => {
    const node = document.getIn(path, true)
    return isNode(node) ? node : null
  }
  const placeOf = (path: readonly (string | number)[]): Place => {
    const node = path.length === 0 ? document.contents : find(path)
    if (node !== null) return placeAt(startOf(node))
    return path.length === 0 ? placeAt(document.range?.[0] ?? 0) : placeOf(path.slice(0, -1))
  }
  const placeOfKey = (path: readonly (string | number)[]): Place => {
    const map = path.length === 1 ? document.contents : find(path.slice(0, -1))
    const key = isMap(map) ? keysOf(map).get(path.at(-1)) : undefined
    return isNode(key) ? placeAt(startOf(key)) : placeOf(path)
  }
  return { value: document.toJS(), placeOf, placeOfKey }
}

const keysByMap = new WeakMap<YAMLMap, ReadonlyMap<unknown, unknown>>()

/** The nodes of a mapping's keys by their texts; kept, since thousands of keys may be asked for. */
function keysOf(map: YAMLMap): ReadonlyMap<unknown, unknown> {
  const known = keysByMap.get(map) ?? new Map(map.items.map(({ key }) => [keyText(key), key]))
  keysByMap.set(map, known)
  return known
}

function keyText(key: unknown): unknown {
  return isScalar(key) ? key.value : key
}

function startOf({ range }: Node): number {
  return range?.[0] ?? 0
}
