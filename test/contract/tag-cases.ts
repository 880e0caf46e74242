import { assertHex, assertResult, fromHex } from './bytes.ts'
import {
  assertTags,
  CPUS,
  FEATURE,
  impossibleCpu,
  mustSet,
  NONE,
  onDevice,
  set,
} from './feature.ts'
import type { Borrowed, ContractCase, Role } from './world.ts'

/** The tags of CPUs 0 to 3, which firmware and mock give alike. */
const VM = [0x100, 0x101, 0x102, 0x103]
const PM = [0x200, 0x201, 0x202, 0x203]
const VM_8_BIT = [1, 3, 5, 7]
const PM_8_BIT = [2, 4, 6, 8]

/** SET and GET of TPH_ST while TPH is off. */
export const tagCases: readonly ContractCase[] = [
  on('capability', 'a table that nobody set has no tags', (dev) => {
    assertTags(dev, 0, Array(64).fill(0))
  }),
  on('capability', 'GET fills in the data and leaves the header as it came', (dev) => {
    const sent = '18000000 0e000100 00000000 0500 0200 ffffffff ffffffff'
    assertReply(dev, sent, '18000000 0e000100 00000000 0500 0200 00000000 00000000')
    mustSet(dev, 5, [3, 1])
    assertReply(dev, sent, '18000000 0e000100 00000000 0500 0200 03010000 01010000')
  }),
  on('capability', 'GET writes as many tags as it has entries, whatever argsz says', (dev) => {
    mustSet(dev, 0, CPUS)
    assertReply(
      dev,
      '20000000 0e000100 00000000 0000 0200 ffffffff ffffffff eeeeeeee dddddddd',
      '20000000 0e000100 00000000 0000 0200 00010000 01010000 eeeeeeee dddddddd',
    )
  }),
  on('capability', 'SET writes nothing into the buffer', (dev) => {
    const sent = '1c000000 0e000200 01000000 3c00 0200 02000000 ffffffff aaaaaaaa'
    assertReply(dev, sent, sent)
  }),
  on('capability', 'extended tags of both memory types', (dev) => {
    mustSet(dev, 0, CPUS)
    mustSet(dev, 4, CPUS, 'pm')
    assertTags(dev, 0, [...VM, ...PM, 0])
  }),
  on('msix', 'extended tags of the MSI-X table', (dev) => {
    mustSet(dev, 2040, CPUS)
    mustSet(dev, 2044, CPUS, 'pm')
    assertTags(dev, 2039, [0, ...VM, ...PM])
  }),
  on('tableless', '8-bit tags', (dev) => {
    mustSet(dev, 0, CPUS)
    mustSet(dev, 4, CPUS, 'pm')
    assertTags(dev, 0, [...VM_8_BIT, ...PM_8_BIT, 0])
  }),
  on('capability', 'one SET and one GET of the whole table', (dev) => {
    const cpus = Array.from({ length: 64 }, (_, i) => 3 - (i % 4))
    mustSet(dev, 0, cpus, 'pm')
    assertTags(
      dev,
      0,
      cpus.map((cpu) => 0x200 + cpu),
    )
  }),
  ...(['msix', 'tableless'] as const).map((role) =>
    on(role, `one SET and one GET of 2048 entries (${role})`, (dev) => {
      const cpus = Array.from({ length: 2048 }, (_, i) => (i >>> 3) % 4)
      mustSet(dev, 0, cpus)
      const tags = role === 'msix' ? VM : VM_8_BIT
      assertTags(
        dev,
        0,
        cpus.map((cpu) => tags[cpu] ?? 0),
      )
    }),
  ),
  on('capability', 'of SETs that overlap the last one counts', (dev) => {
    mustSet(dev, 0, [0, 0, 0, 0, 0, 0])
    mustSet(dev, 2, [1, 1, 1, 1], 'pm')
    mustSet(dev, 3, [2])
    assertTags(dev, 0, [0x100, 0x100, 0x201, 0x102, 0x201, 0x201, 0])
  }),
  on('capability', '0xffffffff clears entries, with either memory type', (dev) => {
    mustSet(dev, 0, CPUS)
    mustSet(dev, 1, [NONE, 0])
    mustSet(dev, 3, [NONE], 'pm')
    assertTags(dev, 0, [0x100, 0, 0x100, 0])
  }),
  {
    name: 'a CPU that is not possible is refused, and nothing of that SET is applied',
    roles: ['capability'],
    run: (world) =>
      onDevice(world, 'capability', (dev) => {
        mustSet(dev, 0, CPUS)
        const beyond = impossibleCpu(world)
        const far = [4096, 65536, 0x7fffffff, 0x80000000, 0xfffffffe]
        for (const cpu of [beyond, ...far.filter((one) => one >= beyond)]) {
          assertResult(set(dev, 0, [cpu]), 'EINVAL', `SET of CPU ${cpu}`)
          assertResult(set(dev, 0, [3, NONE, cpu]), 'EINVAL', `SET that ends with CPU ${cpu}`)
          assertResult(set(dev, 0, [cpu, 3], 'pm'), 'EINVAL', `SET that begins with CPU ${cpu}`)
        }
        assertTags(dev, 0, [...VM, 0])
      }),
  },
  {
    name: 'a CPU that is possible has a tag, be it offline',
    roles: ['capability'],
    run: (world) =>
      onDevice(world, 'capability', (dev) => {
        const { possible, online } = world.backend.topology
        const offline = possible.find((cpu) => !online.includes(cpu))
        if (offline === undefined) return
        mustSet(dev, 0, [offline, 0])
        assertTags(dev, 0, [0x100 + offline, 0x100])
      }),
  },
]

function on(role: Role, name: string, use: (dev: Borrowed) => void): ContractCase {
  return { name, roles: [role], run: (world) => onDevice(world, role, use) }
}

function assertReply({ device }: Borrowed, sent: string, expected: string): void {
  const bytes = fromHex(sent)
  assertResult(device.ioctl(FEATURE, bytes), 'ok', sent)
  assertHex(bytes, expected, `reply to ${sent}`)
}
