import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { formatNumberList } from '../../../src/args/cpu-list.ts'
import { colourPaint, plainPaint } from '../../../src/format/style.ts'
import { mapView } from '../../../src/format/views/map-view.ts'
import type { MapCpu, MapNode, MapResult } from '../../../src/tph/map-results.ts'
import { count } from '../../topology/machine.ts'

const ENTRIES = 2048

const empty: MapResult = {
  device: '0000:81:00.0',
  numaNode: 0,
  localCpus: '0-63',
  tph: { offset: 416, modes: ['iv'], extended: true, stLocation: 'msix', stEntries: ENTRIES },
  owner: { pid: 77, command: 'qemu-system-x86', fd: 30 },
  ownerVisible: true,
  control: { mode: 'iv', requester: 'extended' },
  entries: { set: '', noTag: '', cpuUnknown: '', far: '', offline: '' },
  reason: null,
  nodes: [],
}

/** A machine of 4 nodes × 4 caches × 16 CPUs, and a table of 2048 entries that lead where a test says. */
function bigMap(cpuOf: (index: number) => number | null): MapResult {
  const entriesOf = Array.from({ length: 256 }, (): number[] => [])
  for (const index of count(0, ENTRIES)) entriesOf[cpuOf(index) ?? -1]?.push(index)
  const cpu = (id: number): MapCpu => ({
    cpu: id,
    online: true,
    entries: formatNumberList(entriesOf[id] ?? []),
    persistent: '',
  })
  const nodes = count(0, 4).map((node): MapNode => {
    const l3 = count(node * 4, 4).map((id) => ({ l3: id, cpus: count(id * 16, 16).map(cpu) }))
    const distance = node === 0 ? 'local' : node === 1 ? 'near' : 'far'
    return { node, distance, isLocal: node === 0, l3 }
  })
  const listOf = (is: (cpu: number | null) => boolean) =>
    formatNumberList(count(0, ENTRIES).filter((index) => is(cpuOf(index))))
  const entries = {
    set: listOf((one) => one !== null),
    noTag: listOf((one) => one === null),
    cpuUnknown: '',
    far: listOf((one) => one !== null && one >= 128),
    offline: '',
  }
  return { ...empty, nodes, entries }
}

function draw(value: MapResult, width = 80): string {
  return mapView.text?.(value, { paint: plainPaint, width }) ?? ''
}

/** Any scattering that is the same every time. */
const scattered = (index: number) => (index * 7919 + (index % 13) * 101) % 256

describe('the picture of 256 CPUs and 2048 entries', () => {
  it.each([
    ['dealt out', (index: number) => index % 256, 30],
    ['dealt out to one node', (index: number) => index % 64, 20],
    ['in blocks', (index: number) => index >> 3, 160],
    ['scattered', scattered, 400],
    ['all to one CPU', () => 3, 20],
    ['not set', () => null, 20],
  ])('fits the terminal and a few pages when they are %s', (_, cpuOf, most) => {
    for (const width of [40, 80, 200]) {
      const lines = draw(bigMap(cpuOf), width).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
      if (width === 80) expect(lines.length).toBeLessThan(most)
    }
  })

  it('says of a group in turn what it says of each CPU', () => {
    const text = draw(bigMap((index) => index % 256))
    expect(text).toContain('*  L3 0     cpu 0-15 <- 0-1807:16/256\n')
    expect(text).toContain('~  L3 4     cpu 64-79 <- 64-1871:16/256\n')
    expect(text).toContain('x  L3 15    cpu 240-255 <- 240-2047:16/256\n')
  })

  it('colours by distance, and colour changes no character', async () => {
    const value = bigMap((index) => index % 256)
    const text = mapView.text?.(value, { paint: await colourPaint(), width: 80 }) ?? ''
    expect(stripVTControlCharacters(text)).toBe(draw(value))
    expect(text).toContain('\u001b[32mcpu 0-15 <-\u001b[39m')
    expect(text).toContain('\u001b[33m64-1871:16/256\u001b[39m')
    expect(text).toContain('\u001b[31m240-2047:16/256\u001b[39m')
  })
})

describe('the picture', () => {
  const node = (cpus: MapCpu[]): MapNode[] => [
    { node: 0, distance: 'local', isLocal: true, l3: [{ l3: 0, cpus }] },
  ]
  const cpu = (id: number, entries: string, more: Partial<MapCpu> = {}): MapCpu => {
    return { cpu: id, online: true, entries, persistent: '', ...more }
  }
  const rowOf = (...cpus: MapCpu[]) => {
    const text = draw({ ...empty, nodes: node(cpus) })
    return /L3 0 +(.*)/.exec(text)?.[1]
  }

  it.each([
    ['cpu 0-2 <- 0-2', [cpu(0, '0'), cpu(1, '1'), cpu(2, '2')]],
    ['cpu 0 <- 0  cpu 1 <- 2', [cpu(0, '0'), cpu(1, '2')]],
    ['cpu 0-1 <- 0-3', [cpu(0, '0,2'), cpu(1, '1,3')]],
    ['cpu 0 <- 0-1  cpu 1 <- 2-3', [cpu(0, '0-1'), cpu(1, '2-3')]],
    ['cpu 0 <- 0  cpu 1 <- 1, 5', [cpu(0, '0'), cpu(1, '1,5')]],
    ['cpu 0 <- 0  cpu 2 <- 1', [cpu(0, '0'), cpu(2, '1')]],
    ['cpu 0 <- 0  cpu 1 <- 1@pm', [cpu(0, '0'), cpu(1, '1', { persistent: '1' })]],
    ['cpu 0 <- 0, 4@pm', [cpu(0, '0,4', { persistent: '4' })]],
    ['cpu 0 <- 0  cpu 1 (offline!) <- 1', [cpu(0, '0'), cpu(1, '1', { online: false })]],
  ])('writes %s', (text, cpus) => {
    expect(rowOf(...cpus)).toBe(text)
  })

  it('of an owner that nobody can see says so', () => {
    expect(draw({ ...empty, owner: null })).toContain('owner       none\n')
    const hidden = draw({ ...empty, owner: null, ownerVisible: false })
    expect(hidden).toContain("owner       unknown: other users' processes cannot be seen\n")
  })

  it('escapes what an owner calls itself', () => {
    const owner = { pid: 1, command: '\u001b[2J', fd: 3 }
    expect(draw({ ...empty, owner })).toContain('1:\\u001b[2J')
  })

  it('names a node without CPUs, and one whose CPUs are all offline', () => {
    const [place] = node([cpu(3, '', { online: false })])
    const nodes = [{ ...empty, node: 1, distance: 'far' as const, isLocal: false, l3: [] }]
    expect(draw({ ...empty, nodes })).toMatch(/x node 1: far from the device\n {3}no CPU\s*\n/)
    const off = draw({ ...empty, nodes: place === undefined ? [] : [place] })
    expect(off).toContain('x node 0: all its CPUs are offline\n')
  })
})
