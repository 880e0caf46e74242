import { describe, expect, it } from 'vitest'
import { bytesOf } from './target.ts'
import { hostFiles } from './targets/host.ts'
import { MemoryRoot, treeOf } from './targets/memory-root.ts'

function rootOf(...records: readonly string[]): MemoryRoot {
  return new MemoryRoot(treeOf(bytesOf(records.join('\x1e'))))
}

describe('a host in memory', () => {
  it('follows links as Linux does, and no more than it', () => {
    const root = rootOf('/a/b\x1fftext', '/a/c\x1flb', '/d\x1fla', '/e\x1fl/e', '/f\x1flnone/../a')
    expect(root.text('/d/c')).toBe('text')
    expect(root.realPath('/d/../d/./c')).toBe('/a/b')
    expect(() => root.text('/e')).toThrow('ELOOP')
    expect(root.text('/f/b')).toBeNull()
    expect(root.names('/none/../a')).toEqual([])
  })

  it('takes no path and no link longer than 4095 characters', () => {
    const dots = './'.repeat(2046)
    const root = rootOf('/a\x1fftext', `/b\x1fl${dots}./a`, `/c\x1fl${dots}.././a`)
    expect(root.text(`/${dots}a`)).toBe('text')
    expect(() => root.text(`/${dots}./a`)).toThrow('ENAMETOOLONG')
    expect(root.text('/b')).toBe('text')
    expect(root.names('/c')).toEqual([])
  })

  it('is soon done with links of many parts', async () => {
    const text = `l${'../sys/device.'.repeat(4600)}`
    const start = performance.now()
    await hostFiles.run(
      bytesOf(
        `/sys/bus/pci/devices/0000:80:01.0\x1f${text}\x1e/sys/bus/pci/devices/0000:80:01.0/vendor\x1ff`,
      ),
    )
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
