import { closeSync, openSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deviceDescriptor, groupOf, matchDevice } from '../../../src/backend/linux/owner-match.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { BDF, OTHER, ownerHost } from './owner-host.ts'

/** The running host, as far as /proc goes; sysfs is the fake's. */
class MixedRoot extends Root {
  readonly #fake: string
  constructor(fake: string) {
    super('/')
    this.#fake = fake
  }
  override locate(path: string): string {
    return path.startsWith('/sys') ? `${this.#fake}${path}` : path
  }
}

describe('groupOf()', () => {
  it.each([
    ['/dev/vfio/12', 12],
    ['/run/pod/dev/vfio/noiommu-0', 0],
    ['/dev/vfio/vfio', null],
    ['/dev/vfio/devices/vfio12', null],
    ['/dev/novfio/12', null],
    ['/dev/vfio/12x', null],
  ])('%s is group %o', (link, group) => {
    expect(groupOf({ fd: 3, link })).toBe(group)
  })
})

describe('deviceDescriptor() and matchDevice()', () => {
  /** /dev/null stands for the cdev, under a name that says nothing. */
  function withNull(numbers: [major: number, minor: number]) {
    const { fake } = ownerHost()
    fake.file(`/sys/bus/pci/devices/${BDF}/vfio-dev/vfio0/dev`, `${numbers.join(':')}\n`)
    const root = new MixedRoot(fake.folder)
    const fd = openSync('/dev/null', 'r')
    try {
      const found = deviceDescriptor(root, 'self', { fd, link: '/mnt/vfio-thing' })
      return found === null
        ? null
        : { found, match: (bdf: string) => matchDevice(root, bdf, found) }
    } finally {
      closeSync(fd)
    }
  }

  it('go by the device number on the running host', () => {
    const matched = withNull([1, 3])
    expect(matched?.found.number).toBe('1:3')
    expect(matched?.match(BDF)).toBe('yes')
    expect(matched?.match(OTHER)).toBe('no')
    expect(withNull([1, 5])?.match(BDF)).toBe('no')
  })

  it('go by the name where the number cannot be had', () => {
    const { fake } = ownerHost()
    const root = new MixedRoot(fake.folder)
    const link = '/dev/vfio/devices/vfio0'
    const found = deviceDescriptor(root, 'self', { fd: 99_999, link })
    expect(found).toEqual({ fd: 99_999, link, saidBdf: null, number: null })
    expect(found && matchDevice(root, BDF, found)).toBe('yes')
  })

  it('ask for the number of links that name vfio only', () => {
    const root = new Root()
    expect(deviceDescriptor(root, 'self', { fd: 0, link: '/dev/null' })).toBeNull()
    const { rdev } = statSync('/dev/null')
    expect(rdev).toBe(0x103)
  })
})
