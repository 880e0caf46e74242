import { describe, expect, it } from 'vitest'
import { Root } from '../../../src/backend/linux/root.ts'
import { rootPortCompleter } from '../../../src/backend/linux/root-port.ts'
import { CountingRoot } from './counting-root.ts'
import { fakeRoot, pciFolder } from './fake-root.ts'
import { expressConfig, tphConfig } from './linux-configs.ts'

const DEVICE = '0000:83:00.0'

/** The functions of one path, from the root complex down; the last is asked about. */
type Path = readonly (readonly [bdf: string, config: Uint8Array])[]

function completer(path: Path): string | null {
  const fake = fakeRoot()
  for (const [at, [bdf, config]] of path.entries()) {
    const parents = path.slice(0, at).map(([above]) => above)
    fake.pciFunction({ bdf, parents, vendor: 1, device: 1, config })
  }
  return rootPortCompleter(new Root(fake.folder), path.at(-1)?.[0] ?? '')
}

const device = [DEVICE, tphConfig()] as const
const rootPort = ['0000:80:01.0', expressConfig('rootPort', 3)] as const

describe('rootPortCompleter()', () => {
  it.each([
    [0, 'none'],
    [1, 'tph'],
    [2, 'none'],
    [3, 'extended'],
  ])('reads field %i of the root port right above as %s', (field, support) => {
    expect(completer([['0000:80:01.0', expressConfig('rootPort', field)], device])).toBe(support)
  })

  it('looks past a switch, whatever its ports complete', () => {
    const upstream = ['0000:81:00.0', expressConfig('upstream', 1)] as const
    const downstream = ['0000:82:00.0', expressConfig('downstream', 0)] as const
    expect(completer([rootPort, upstream, downstream, device])).toBe('extended')
  })

  it('has none for an endpoint integrated in the root complex', () => {
    expect(completer([['0000:80:02.0', expressConfig('integrated')]])).toBeNull()
  })

  it('has none for a root port itself', () => {
    expect(completer([rootPort])).toBeNull()
  })

  it('finds the root port of a domain below a VMD endpoint', () => {
    const path: Path = [
      ['0000:00:0e.0', expressConfig('integrated')],
      ['10000:e0:06.0', expressConfig('rootPort', 1)],
      ['10000:e1:00.0', tphConfig()],
    ]
    const folder = '/sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0'
    expect(pciFolder(path.map(([bdf]) => bdf))).toBe(folder)
    expect(completer(path)).toBe('tph')
  })

  it('goes by the nearest of two root ports, as Linux does', () => {
    const nearer = ['0000:81:00.0', expressConfig('rootPort', 1)] as const
    expect(completer([rootPort, nearer, device])).toBe('tph')
  })

  it('is unknown where the root port shows 64 bytes or its registers end early', () => {
    for (const size of [0, 64, 0x43, 0x50]) {
      const config = expressConfig('rootPort', 3, { size })
      expect(completer([['0000:80:01.0', config], device])).toBeNull()
    }
  })

  it('has none below a bridge to conventional PCI alone, or a port that answers all ones', () => {
    for (const config of [expressConfig('rootPort', 3, { capabilities: [] }), ones()]) {
      expect(completer([['0000:80:01.0', config], device])).toBeNull()
    }
  })

  it('reads no config below the root port but those on the way', () => {
    const fake = fakeRoot()
    fake.pciFunction({ bdf: '0000:80:01.0', vendor: 1, device: 1, config: rootPort[1] })
    fake.pciFunction({
      bdf: DEVICE,
      parents: ['0000:80:01.0'],
      vendor: 1,
      device: 1,
      config: device[1],
    })
    const root = new CountingRoot(fake.folder)
    expect(rootPortCompleter(root, DEVICE)).toBe('extended')
    expect(root.reads).toEqual([
      `/sys/bus/pci/devices/${DEVICE}`,
      '/sys/bus/pci/devices/0000:80:01.0/config',
    ])
  })
})

function ones(): Uint8Array {
  return new Uint8Array(4096).fill(0xff)
}
