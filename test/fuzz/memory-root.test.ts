import { describe, expect, it } from 'vitest'
import { bytesOf } from './target.ts'
import { hostFiles } from './targets/host.ts'
import { MemoryRoot, treeOf, treeText } from './targets/memory-root.ts'

/** @param items as `treeText` takes them */
function rootOf(items: Readonly<Record<string, string>>): MemoryRoot {
  return new MemoryRoot(treeOf(bytesOf(treeText(items))))
}

describe('a host in memory', () => {
  it('follows links as Linux does, and no more than it', () => {
    const root = rootOf({
      '/a/b': 'ftext',
      '/a/c': 'lb',
      '/d': 'la',
      '/e': 'l/e',
      '/f': 'lnone/../a',
    })
    expect(root.text('/d/c')).toBe('text')
    expect(root.realPath('/d/../d/./c')).toBe('/a/b')
    expect(() => root.text('/e')).toThrow('ELOOP')
    expect(root.text('/f/b')).toBeNull()
    expect(root.names('/none/../a')).toEqual([])
  })

  it('takes no path and no link longer than 4095 characters', () => {
    const dots = './'.repeat(2046)
    const root = rootOf({ '/a': 'ftext', '/b': `l${dots}./a`, '/c': `l${dots}.././a` })
    expect(root.text(`/${dots}a`)).toBe('text')
    expect(() => root.text(`/${dots}./a`)).toThrow('ENAMETOOLONG')
    expect(root.text('/b')).toBe('text')
    expect(root.names('/c')).toEqual([])
  })

  it('is soon done with links of many parts', async () => {
    const device = '/sys/bus/pci/devices/0000:80:01.0'
    const tree = treeText({
      [device]: `l${'../sys/device.'.repeat(4600)}`,
      [`${device}/vendor`]: 'f',
    })
    const start = performance.now()
    await hostFiles.run(bytesOf(tree))
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
