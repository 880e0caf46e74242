import { describe, expect, it } from 'vitest'
import { Bundle } from '../../../src/backend/linux/bundle.ts'
import { reduce } from '../../../src/backend/linux/bundle-reduce.ts'
import type { ReadKind } from '../../../src/backend/linux/recording-root.ts'
import { fakeRoot } from './fake-root.ts'

/** What a bundle takes of a host when these paths were read so. */
function taken(fake: { folder: string }, reads: Readonly<Record<string, ReadKind>>): string[] {
  const bundle = new Bundle(fake.folder)
  bundle.take(new Map(Object.entries(reads).map(([path, kind]) => [path, new Set([kind])])))
  return bundle.files.map(({ kind, path, detail }) => [kind, path, detail ?? ''].join(' ').trim())
}

describe('Bundle', () => {
  it('takes nothing for what is gone by now', () => {
    const fake = fakeRoot()
    const reads = { '/sys/a': 'content', '/sys/b': 'names', '/sys/c': 'link', '/dev/d': 'node' }
    expect(taken(fake, reads as Record<string, ReadKind>)).toEqual([])
  })

  it('names what cannot be read, and why', () => {
    const fake = fakeRoot()
    fake.directory('/sys/folder')
    expect(taken(fake, { '/sys/folder': 'content' })).toEqual(['unreadable /sys/folder EISDIR'])
  })

  it('follows links that go round in a circle no further than the kernel would', () => {
    const fake = fakeRoot()
    fake.link('/sys/a', 'b')
    fake.link('/sys/b', 'a')
    expect(taken(fake, { '/sys/a/x': 'content' })).toContain('unreadable /sys/a/x ELOOP')
  })

  it('follows links that each lead through two others no more often than the kernel would', () => {
    const fake = fakeRoot()
    const depth = 60
    for (let i = 0; i < depth; i++) fake.link(`/sys/l${i}`, `l${i + 1}/l${i + 1}`)
    fake.link(`/sys/l${depth}`, '.')
    expect(taken(fake, { '/sys/l0/x': 'content' })).toHaveLength(41)
  })

  it('makes a link on the way lead to the same place inside of the bundle', () => {
    const fake = fakeRoot()
    fake.file('/usr/lib/modules/config', 'y')
    fake.link('/lib', '/usr/lib')
    expect(taken(fake, { '/lib/modules/config': 'content' })).toEqual([
      'link /lib usr/lib',
      'file /usr/lib/modules/config',
    ])
  })

  it.each([
    ['present', '\0vfio_device_feature_tph_st\0'],
    ['missing', '\0vfio_device_feature_migration\0'],
  ])('keeps of type information that the struct is %s', (_, text) => {
    const fake = fakeRoot()
    fake.file('/sys/kernel/btf/vfio_pci_core', `${'x'.repeat(100_000)}${text}`)
    const bundle = new Bundle(fake.folder)
    bundle.takeTypes('vfio_device_feature_tph_st')
    expect(bundle.files.map(({ content }) => Buffer.from(content ?? []).toString())).toEqual([text])
  })
})

describe('reduce', () => {
  const reduced = (path: string, text: string) => {
    const bytes = reduce(path, Buffer.from(text))
    return bytes === null ? null : Buffer.from(bytes).toString()
  }

  it.each([
    [
      '/proc/cmdline',
      'root=/dev/x pci=notph key=1 vfio-pci.ids=1:2 -- pci=x\n',
      'pci=notph vfio-pci.ids=1:2\n',
    ],
    [
      '/proc/7/status',
      'Name:\tx\nCapEff:\t0\nCpus_allowed_list:\t0\n',
      'CapEff:\t0\nCpus_allowed_list:\t0\n',
    ],
    ['/proc/7/fdinfo/3', 'pos:\t0\n', ''],
    ['/proc/7/comm', 'x\n', null],
    ['/sys/kernel/x/stat', '1 (a) b\n', null],
  ])('%s', (path, text, expected) => {
    expect(reduced(path, text)).toBe(expected)
  })

  it('keeps the start time of a process that calls itself anything, and no address', () => {
    const fields = Array.from({ length: 50 }, (_, i) => `f${i + 3}`).join(' ')
    expect(reduced('/proc/7/stat', `7 (a) b (c) ${fields}\n`)).toMatch(
      /^7 \(a\) b \(c\) f3 .* f22\n$/,
    )
  })
})
