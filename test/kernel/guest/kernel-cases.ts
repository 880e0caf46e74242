import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { assertResult, fromHex } from '../../contract/bytes.ts'
import { assertControl, assertTable, control, IV, msixTags, OFF } from '../../contract/config.ts'
import { assertTags, CPUS, FEATURE, mustSet, onDevice, set } from '../../contract/feature.ts'
import { allocateVectors, freeVectors } from '../../contract/irqs.ts'
import type { Role } from '../../contract/world.ts'
import type { KernelWorld } from './kernel-world.ts'

/** A case that the mock has no counterpart of. */
export interface KernelCase {
  readonly name: string
  readonly roles: readonly Role[]
  run(world: KernelWorld): void | Promise<void>
}

/** A CPU that the guest can do without. */
const LAST_CPU = '/sys/devices/system/cpu/cpu3/online'

/** The power management control register. */
const POWER_STATE = 0x44

/** Memory that cannot be written, owners that are killed, CPUs that go off. */
export const kernelCases: readonly KernelCase[] = [
  {
    name: 'a GET whose data cannot be written is EFAULT, a SET does not care',
    roles: ['capability'],
    run(world) {
      const { device, ioctlReadOnly } = world.borrow('capability')
      try {
        const get = fromHex('14000000 0e000100 00000000 0000 0100 00000000')
        assertResult(ioctlReadOnly(FEATURE, get), 'EFAULT', 'GET into read-only memory')
        const sent = fromHex('14000000 0e000200 00000000 0000 0100 03000000')
        assertResult(ioctlReadOnly(FEATURE, sent), 'ok', 'SET from read-only memory')
      } finally {
        device.close()
      }
      onDevice(world, 'capability', (dev) => assertTags(dev, 0, [0x103, 0]))
    },
  },
  {
    name: 'a CPU that went off has its tag still',
    roles: ['capability'],
    run(world) {
      if (!existsSync(LAST_CPU)) throw new Error('the kernel cannot turn CPUs off')
      writeFileSync(LAST_CPU, '0')
      try {
        onDevice(world, 'capability', (dev) => {
          mustSet(dev, 0, CPUS)
          assertTags(dev, 0, [0x100, 0x101, 0x102, 0x103])
        })
      } finally {
        writeFileSync(LAST_CPU, '1')
      }
    },
  },
  {
    name: 'what is SET in D3hot gets into the MSI-X table in D0',
    roles: ['msix'],
    run(world) {
      onDevice(world, 'msix', (dev) => {
        freeVectors(dev)
        allocateVectors(dev, 4)
        control(dev, IV)
        dev.device.writeConfig(POWER_STATE, fromHex('0300'))
        mustSet(dev, 0, CPUS)
        dev.device.writeConfig(POWER_STATE, fromHex('0000'))
        assert.deepEqual(msixTags(dev, 4), [0x100, 0x101, 0x102, 0x103])
        freeVectors(dev)
      })
    },
  },
  {
    name: 'a borrower keeps the device open when the owner is killed, and nothing of it longer',
    roles: ['capability'],
    async run(world) {
      const borrowed = world.borrow('capability')
      try {
        mustSet(borrowed, 0, CPUS)
        control(borrowed, IV)
        await world.killOwner()
        assertTags(borrowed, 0, [0x100, 0x101, 0x102, 0x103])
        assertControl(borrowed, IV)
        assertResult(set(borrowed, 0, [3]), 'ok', 'SET after the owner was killed')
        assertTable(world, 'capability', borrowed, 0, '03010101')
      } finally {
        borrowed.device.close()
      }
      await world.reopen('capability')
      onDevice(world, 'capability', (dev) => {
        assertControl(dev, OFF)
        assertTags(dev, 0, [0, 0, 0, 0])
        assertTable(world, 'capability', dev, 0, '0000000000000000')
      })
    },
  },
]
