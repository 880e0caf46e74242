import assert from 'node:assert/strict'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { findMsix } from '../../src/pci/msix.ts'
import { fromHex } from './bytes.ts'
import { assertControl, control, DS, IV, isMsixOn, msixTags, NO_ST, OFF } from './config.ts'
import {
  assertSameTags,
  assertTags,
  CPUS,
  mustSet,
  NONE,
  onDevice,
  resetDevice,
} from './feature.ts'
import { allocateVector, allocateVectors, freeVectors } from './irqs.ts'
import type { Borrowed, ContractCase, World } from './world.ts'

/** CPU of entries 0 to 7, and their tags. */
const CPUS_8 = [...CPUS, ...CPUS]
const TAGS_8 = CPUS_8.map((cpu) => 0x100 + cpu)

/** When the table in MSI-X has the tags. Only the upper half of vector control is looked at: the rest is the kernel's. */
export const msixCases: readonly ContractCase[] = [
  on('MSI-X is not to be switched through config space', (dev) => {
    const { offset, entries } = findMsix(new ConfigSpace(dev.device.readConfig(0, 4096))) ?? {}
    assert.ok(offset)
    assert.equal(entries, 2048)
    freeVectors(dev)
    dev.device.writeConfig(offset + 2, fromHex('ff87'))
    assert.equal(isMsixOn(dev), false, 'a write turned MSI-X on')
    allocateVectors(dev, 1)
    dev.device.writeConfig(offset + 3, fromHex('00'))
    assert.equal(isMsixOn(dev), true, 'a write turned MSI-X off')
  }),
  on('nothing is written without vectors, and TPH goes on all the same', (dev) => {
    freeVectors(dev)
    const before = msixTags(dev, 16)
    mustSet(dev, 0, CPUS_8)
    control(dev, IV)
    mustSet(dev, 8, CPUS_8, 'pm')
    assertControl(dev, IV)
    assertSameTags(msixTags(dev, 16), before, 'MSI-X table')
    assertTags(dev, 0, TAGS_8)
  }),
  on('tags appear when vectors are allocated, the others wait', (dev) => {
    freeVectors(dev)
    mustSet(dev, 0, CPUS_8)
    control(dev, IV)
    allocateVectors(dev, 4)
    assertControl(dev, IV)
    assertMsix(dev, [...TAGS_8.slice(0, 4), 0, 0, 0, 0])
    assertTags(dev, 0, TAGS_8)
  }),
  on('tags appear when TPH goes on with vectors allocated', (dev) => {
    freeVectors(dev)
    allocateVectors(dev, 6)
    mustSet(dev, 0, CPUS_8, 'pm')
    assertMsix(dev, Array(8).fill(0))
    control(dev, DS)
    assertMsix(dev, [0x200, 0x201, 0x202, 0x203, 0x200, 0x201, 0, 0])
  }),
  on('a SET while TPH is on reaches allocated vectors alone', (dev) => {
    freeVectors(dev)
    allocateVectors(dev, 4)
    control(dev, IV)
    mustSet(dev, 2, [3, 2, 1, 0])
    assertControl(dev, IV)
    assertMsix(dev, [0, 0, 0x103, 0x102, 0, 0])
    assertTags(dev, 0, [0, 0, 0x103, 0x102, 0x101, 0x100])
  }),
  on('a cleared entry has no tag', (dev) => {
    freeVectors(dev)
    allocateVectors(dev, 4)
    mustSet(dev, 0, CPUS)
    control(dev, IV)
    mustSet(dev, 1, [NONE])
    assertMsix(dev, [0x100, 0, 0x102, 0x103])
  }),
  on('more vectors get the tags that waited for them', (dev) => {
    freeVectors(dev)
    mustSet(dev, 0, CPUS_8)
    control(dev, IV)
    allocateVectors(dev, 2)
    freeVectors(dev)
    mustSet(dev, 0, [3])
    allocateVectors(dev, 6)
    assertMsix(dev, [0x103, 0x101, 0x102, 0x103, 0x100, 0x101, 0, 0])
  }),
  on('a vector allocated alone gets its tag', (dev, world) => {
    freeVectors(dev)
    mustSet(dev, 0, CPUS_8)
    control(dev, IV)
    allocateVectors(dev, 2)
    allocateVector(dev, 6, world.eventfd())
    assertControl(dev, IV)
    assertMsix(dev, [0x100, 0x101, 0, 0, 0, 0, 0x102, 0])
  }),
  on('the table is left alone in no ST mode', (dev) => {
    freeVectors(dev)
    mustSet(dev, 0, CPUS)
    control(dev, NO_ST)
    allocateVectors(dev, 4)
    assertMsix(dev, [0, 0, 0, 0])
    control(dev, DS)
    assertMsix(dev, [0x100, 0x101, 0x102, 0x103])
  }),
  on('vectors outlive a reset, and the next enable writes their tags', (dev) => {
    freeVectors(dev)
    allocateVectors(dev, 4)
    mustSet(dev, 0, CPUS_8)
    control(dev, IV)
    resetDevice(dev)
    assertControl(dev, OFF)
    assert.equal(isMsixOn(dev), true, 'the reset turned MSI-X off')
    assertTags(dev, 0, TAGS_8)
    mustSet(dev, 1, [3])
    control(dev, IV)
    assertMsix(dev, [0x100, 0x103, 0x102, 0x103, 0, 0])
  }),
]

function on(name: string, use: (dev: Borrowed, world: World) => void): ContractCase {
  return {
    name,
    roles: ['msix'],
    run: (world) => onDevice(world, 'msix', (dev) => use(dev, world)),
  }
}

function assertMsix(dev: Borrowed, expected: readonly number[]): void {
  assertSameTags(msixTags(dev, expected.length), expected, 'MSI-X table')
}
