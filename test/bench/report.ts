import { isMet, type Row } from './row.ts'
import type { Gain } from './techniques.ts'

/** The rows as a table of Markdown. */
export function rowTable(rows: readonly Row[]): string {
  return markdown(
    ['what', 'Node.js', 'least', 'median', 'CPU', 'at most', 'kept', 'runs', 'medians'],
    rows.map((row) => [
      row.what,
      row.node,
      row.ratio.min.toFixed(2),
      row.ratio.median.toFixed(2),
      row.cpu === null ? '-' : row.cpu.toFixed(2),
      row.target === null ? '-' : row.target.toFixed(2),
      row.target === null ? '-' : isMet(row) ? 'yes' : 'NO',
      String(row.runs),
      row.detail,
    ]),
  )
}

/** What each technique gains, one column for each Node.js. */
export function gainTable(gains: readonly Gain[]): string {
  const nodes = [...new Set(gains.map(({ node }) => node))]
  const techniques = [...new Set(gains.map(({ technique }) => technique))]
  const cell = (technique: string, node: string) => {
    const gain = gains.find((one) => one.technique === technique && one.node === node)
    return gain === undefined ? '-' : `${gain.milliseconds.toFixed(1)} ms`
  }
  return markdown(
    ['gained by', ...nodes],
    techniques.map((technique) => [technique, ...nodes.map((node) => cell(technique, node))]),
  )
}

function markdown(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(titles), rule, ...rows.map(line)].join('\n')
}
