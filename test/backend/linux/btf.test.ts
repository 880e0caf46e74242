import { closeSync, existsSync, openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { structInBtf } from '../../../src/backend/linux/btf.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { fakeRoot } from './fake-root.ts'

const STRUCT = 'vfio_device_feature_tph_st'
const SIBLING = 'vfio_device_feature_migration'

/** One file's strings, as BTF has them, some bytes into it. */
function strings(names: readonly string[], at = 0): Uint8Array {
  return Buffer.concat([Buffer.alloc(at, 0x5a), Buffer.from(`\0${names.join('\0')}\0`)])
}

function look(files: Readonly<Record<string, Uint8Array>>): string {
  const fake = fakeRoot()
  for (const [name, bytes] of Object.entries(files)) fake.file(`/sys/kernel/btf/${name}`, bytes)
  return structInBtf(new Root(fake.folder), STRUCT)
}

describe('structInBtf()', () => {
  it('finds the struct in any file', () => {
    expect(look({ vmlinux: strings(['task']), vfio_pci_core: strings(['a', STRUCT]) })).toBe(
      'present',
    )
    expect(look({ vmlinux: strings([STRUCT, 'b']), vfio: strings([SIBLING]) })).toBe('present')
  })

  it('says missing only of a kernel that names another feature struct', () => {
    expect(look({ vmlinux: strings(['task']), vfio: strings([SIBLING]) })).toBe('missing')
    expect(look({ vmlinux: strings(['task']) })).toBe('unknown')
  })

  it('says unknown without BTF', () => {
    expect(look({})).toBe('unknown')
  })

  it('takes neither a longer name nor an unfinished one for the struct', () => {
    const longer = strings([SIBLING, `${STRUCT}_entry`])
    expect(look({ vfio: longer, vfio_pci_core: Buffer.from(STRUCT) })).toBe('missing')
  })

  it.each([-30, -27, -26, -20, -2, -1, 0, 1])('finds a name %i bytes off a 64 KiB edge', (off) => {
    expect(look({ vmlinux: strings([STRUCT], 65536 + off) })).toBe('present')
    expect(look({ vmlinux: strings([STRUCT], 2 * 65536 + off) })).toBe('present')
    expect(look({ vmlinux: strings([SIBLING], 65536 + off) })).toBe('missing')
  })

  it('says unknown when a file cannot be read, unless another has the struct', () => {
    const fake = fakeRoot()
    fake.file('/sys/kernel/btf/vfio', strings([SIBLING]))
    fake.directory('/sys/kernel/btf/broken')
    const root = new Root(fake.folder)
    expect(structInBtf(root, STRUCT)).toBe('unknown')
    fake.file('/sys/kernel/btf/vmlinux', strings([STRUCT]))
    expect(structInBtf(root, STRUCT)).toBe('present')
  })

  it.runIf(existsSync('/sys/kernel/btf/vmlinux'))('reads the BTF of this machine', () => {
    expect(structInBtf(new Root(), 'task_struct')).toBe('present')
    expect(structInBtf(new Root(), 'no_such_struct_anywhere')).not.toBe('present')
  })

  it('leaves no file open', () => {
    const next = (): number => {
      const fd = openSync('/dev/null', 'r')
      closeSync(fd)
      return fd
    }
    const before = next()
    look({ vmlinux: strings([STRUCT]), vfio: strings([SIBLING]) })
    look({ vmlinux: strings(['task']) })
    expect(next()).toBe(before)
  })
})
