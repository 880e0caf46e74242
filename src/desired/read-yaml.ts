import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml'
import { quote } from '../args/quote.ts'
import type { Place } from './desired-state.ts'
import type { Problems } from './problems.ts'

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
  const documents = parseShallow(text, lines)
  if (documents === null) {
    problems.add(placeAt(0), 'Cannot parse YAML: it is nested too deep')
    return []
  }
  if (documents.length === 0) problems.add(placeAt(0), 'Cannot use an empty file: expected devices')
  const troubles = documents.flatMap((document) => troublesOf(document))
  for (const { offset, message } of troubles) problems.add(placeAt(offset), message)
  return troubles.length > 0 ? [] : documents.map((document) => parsed(document, placeAt))
}

interface Trouble {
  readonly offset: number
  readonly message: string
}

function troublesOf(document: Document.Parsed): Trouble[] {
  const said = [...document.errors, ...document.warnings].map(({ message, pos: [offset] }) => ({
    offset,
    message: `Cannot parse YAML: ${message}`,
  }))
  const { explicit, version } = document.directives.yaml
  if (explicit === true && version !== '1.2') {
    const offset = document.range[0]
    said.push({ offset, message: `Cannot read YAML ${version}: expected YAML 1.2` })
  }
  visit(document, (_, node) => {
    const message = isNode(node) ? unwanted(node) : null
    if (isNode(node) && message !== null) said.push({ offset: startOf(node), message })
  })
  return said
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  strict: true,
  uniqueKeys: true,
  stringKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const

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

/** The parser descends by calling itself: null when the text goes too deep for that. */
function parseShallow(text: string, lineCounter: LineCounter): Document.Parsed[] | null {
  try {
    return [...parseAllDocuments(text, { ...OPTIONS, lineCounter })] as Document.Parsed[]
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
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
    const pairs = isMap(map) ? map.items : []
    const key = pairs.find((pair) => isPair(pair) && keyText(pair.key) === path.at(-1))?.key
    return isNode(key) ? placeAt(startOf(key)) : placeOf(path)
  }
  return { value: document.toJS(), placeOf, placeOfKey }
}

function keyText(key: unknown): unknown {
  return isScalar(key) ? key.value : key
}

function startOf({ range }: Node): number {
  return range?.[0] ?? 0
}
