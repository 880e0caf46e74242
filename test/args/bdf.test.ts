import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBdf, nearBdfs, parseBdf } from '../../src/args/bdf.ts'
import { stopwatch, timed } from '../helpers/timed.ts'
import { usageMessage, valueOrUsageError } from './usage-error.ts'
import { MALFORMED, wordsOf } from './words.ts'

const hex = (value: number, width: number) => value.toString(16).padStart(width, '0')
const parts = fc.tuple(
  fc.oneof(fc.nat(0xffff), fc.nat(0xffff_ffff)),
  fc.nat(255),
  fc.nat(31),
  fc.nat(7),
)
const written = ([domain, bus, device, fn]: number[]) =>
  `${hex(domain ?? 0, 4)}:${hex(bus ?? 0, 2)}:${hex(device ?? 0, 2)}.${fn}`

describe('parseBdf', () => {
  it.each([
    ['0000:81:00.0', '0000:81:00.0'],
    ['81:00.0', '0000:81:00.0'],
    ['FF:1F.7', '0000:ff:1f.7'],
    ['ABCD:eF:0a.3', 'abcd:ef:0a.3'],
    ['10000:01:00.0', '10000:01:00.0'],
    ['00010000:01:00.0', '10000:01:00.0'],
    ['00000000:01:00.0', '0000:01:00.0'],
    ['00012:01:00.0', '0012:01:00.0'],
    ['ffffffff:01:00.0', 'ffffffff:01:00.0'],
    ['/sys/bus/pci/devices/0000:81:00.0', '0000:81:00.0'],
    ['/sys/bus/pci/devices/0000:81:00.0///', '0000:81:00.0'],
    ['/sys/devices/pci0000:80/0000:80:01.1/0000:81:00.1', '0000:81:00.1'],
    ['./0000:81:00.0', '0000:81:00.0'],
    ['0000:81:00.0/', '0000:81:00.0'],
  ])('parseBdf accepts %j', (word, bdf) => {
    expect(parseBdf(word)).toBe(bdf)
  })

  it.each([
    ...MALFORMED,
    '81',
    '81:00',
    '81:00.',
    ':81:00.0',
    '000:81:00.0',
    '000000000:81:00.0',
    '0000:81:20.0',
    '0000:81:00.8',
    '0000:81:00.00',
    '0000:8:00.0',
    '0000:181:00.0',
    '0000:81:0.0',
    '0000:81:00:0',
    '0000-81-00.0',
    '0000:8g:00.0',
    '0000:81:00.0\n',
    '0000:81:00.0\0',
    ' 0000:81:00.0',
    '0000:81:00.0 ',
    '0x0000:81:00.0',
    '0000\uff1a81:00.0',
    '\uff10000:81:00.0',
    'vfio0',
    '/',
    '//',
    '/sys/bus/pci/devices/',
    '/sys/bus/pci/devices/81:00.0',
    '/0000:81:00.0/config',
    '/sys\0/0000:81:00.0',
    '/sys\n/0000:81:00.0',
  ])('parseBdf rejects %j', (word) => {
    expect(usageMessage(() => parseBdf(word))).toMatch(/^Cannot parse DEVICE ".*": expected a PCI/)
  })

  it('parseBdf keeps any canonical address, in any case and under any path', () => {
    fc.assert(
      fc.property(parts, fc.constantFrom('', '/', '/sys/devices/x/'), (numbers, path) => {
        const bdf = written(numbers)
        expect(parseBdf(path + bdf.toUpperCase())).toBe(bdf)
        expect(parseBdf(parseBdf(bdf))).toBe(bdf)
      }),
    )
  })

  it('parseBdf throws nothing but UsageError and returns nothing but addresses', () => {
    fc.assert(
      fc.property(wordsOf('0018fF:./'), (word) => {
        const bdf = valueOrUsageError(() => parseBdf(word))
        if (bdf !== undefined) expect(bdf).toMatch(/^([1-9a-f].{4,7}|.{4}):..:[01].\.[0-7]$/)
      }),
    )
  })

  timed.each(['0', '/', ':', '0:', '/0', '\0'])(
    'parseBdf rejects millions of %j at once',
    (unit) => {
      const spent = stopwatch()
      usageMessage(() => parseBdf(unit.repeat(5_000_000)))
      expect(spent()).toBeLessThan(2000)
    },
  )
})

describe('compareBdf', () => {
  it('compareBdf orders as the numbers do', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const differing = a.findIndex((value, at) => value !== b[at])
        const order = differing < 0 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0)
        expect(Math.sign(compareBdf(written(a), written(b)))).toBe(Math.sign(order))
      }),
    )
  })
})

describe('nearBdfs', () => {
  const known = ['0000:81:00.0', '0000:81:00.1', '0000:82:00.0', '10000:01:00.0', '0000:c5:1f.3']

  it.each([
    ['0000:81:00.2', ['0000:81:00.0', '0000:81:00.1', '0000:82:00.0']],
    ['0000:18:00.0', ['0000:81:00.0', '0000:82:00.0']],
    ['0000:01:00.0', ['10000:01:00.0', '0000:81:00.0', '0000:81:00.1']],
    ['0001:c5:1f.3', ['0000:c5:1f.3']],
    ['0000:c5:00.0', ['0000:81:00.0', '0000:82:00.0', '0000:c5:1f.3']],
    ['ffff:ee:1d.7', []],
  ])('nearBdfs of %s, best first', (wanted, near) => {
    expect(nearBdfs(wanted, known)).toEqual(near)
  })

  it('nearBdfs never suggests what was asked for, nor more than its limit', () => {
    expect(nearBdfs('0000:81:00.0', known)).not.toContain('0000:81:00.0')
    expect(nearBdfs('0000:81:00.2', known, 1)).toEqual(['0000:81:00.0'])
    expect(nearBdfs('0000:81:00.2', [])).toEqual([])
  })
})
