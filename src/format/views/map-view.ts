import { parseIndexList } from '../../args/cpu-list.ts'
import { formatPatterns } from '../../args/format-patterns.ts'
import type { MapNode, MapResult } from '../../tph/map-results.ts'
import { type Canvas, flow, flowText, type Piece } from '../flow.ts'
import type { Tone } from '../style.ts'
import { view } from '../view.ts'
import { FIELD_COLUMNS, type Field } from './field-view.ts'
import { entriesText, mapOwnerText, placeText, tphText } from './map-fields.ts'
import { cacheRows } from './map-rows.ts'

/** Columns that labels take; the longest ones push their own line. */
const LABEL_WIDTH = 12

/** What a distance looks like: a mark that does without colour, its colour, and words. */
const LOOKS = {
  local: { mark: '*', tone: 'good', words: "the device's own" },
  near: { mark: '~', tone: 'caution', words: "another one of the device's socket" },
  far: { mark: 'x', tone: 'bad', words: 'far from the device' },
  offline: { mark: 'x', tone: 'bad', words: 'all its CPUs are offline' },
  unknown: { mark: '?', tone: 'plain', words: 'how far from the device is not known' },
} as const

/** How `map` looks: a picture; only json and ndjson have another form of it. */
export const mapView = view<MapResult, Field>({
  items: (value) => [value],
  rows: () => [],
  columns: FIELD_COLUMNS,
  text: drawMap,
})

function drawMap(map: MapResult, canvas: Canvas): string {
  const { far, offline, cpuUnknown, noTag } = map.entries ?? {}
  const fields = [
    drawField('device', placeText(map), 'plain', canvas),
    drawField('owner', mapOwnerText(map), 'plain', canvas),
    drawField('TPH', tphText(map), 'plain', canvas),
    drawField('entries', entriesText(map), 'plain', canvas),
  ]
  const nodes = map.nodes.map((node) => drawNode(node, canvas))
  const lists = [
    drawList('x far', far, 'bad', canvas),
    drawList('x offline', offline, 'bad', canvas),
    drawList('? unknown', cpuUnknown, 'caution', canvas),
    drawList('no tag', noTag, 'faint', canvas),
  ].join('')
  return `${fields.join('')}\n${nodes.join('')}${lists === '' ? '' : `\n${lists}`}`
}

function drawNode(node: MapNode, canvas: Canvas): string {
  const { mark, tone, words } = LOOKS[isOffline(node) ? 'offline' : (node.distance ?? 'unknown')]
  const lines = cacheRows(node, tone).map(({ name, isUsed, items }) =>
    flow(label(`${isUsed ? mark : ' '}  ${name}`, isUsed ? tone : 'plain'), items, 2, canvas),
  )
  // Linux does not tell the node of CPUs that are offline: they follow what is known.
  if (node.node === null && isOffline(node)) return lines.join('')
  const name = node.node === null ? 'CPUs of no known node' : `${mark} node ${node.node}: ${words}`
  return flowText({ tone: 'heading', text: '' }, name, tone, canvas) + lines.join('')
}

function isOffline({ l3 }: MapNode): boolean {
  return l3.length > 0 && l3.every(({ cpus }) => cpus.every(({ online }) => !online))
}

function drawField(name: string, text: string, tone: Tone, canvas: Canvas): string {
  return flowText(label(name, 'heading'), text, tone, canvas)
}

function drawList(name: string, list: string | undefined, tone: Tone, canvas: Canvas): string {
  if (!list) return ''
  const shortest = formatPatterns(parseIndexList(list))
  return drawField(name, shortest.replaceAll(',', ', '), tone, canvas)
}

function label(text: string, tone: Tone): Piece {
  return { tone, text: `${text} `.padEnd(LABEL_WIDTH) }
}
