import { describe, expect, it } from 'vitest'
import { findTphFunction } from '../../src/tph/host.ts'
import { probeDevice } from '../../src/tph/probe.ts'
import { BDF, rigOf } from './scripted-host.ts'

describe('findTphFunction() where sysfs shows 64 bytes of config space', () => {
  /** A host that does not let this user read more, though its owner's fd shows all. */
  function unprivileged() {
    const rig = rigOf()
    const functions = rig.backend.functions.bind(rig.backend)
    rig.backend.functions = () =>
      functions().map((fn) => ({
        ...fn,
        config: { bytes: fn.config.bytes.slice(0, 64), missing: 'not-readable' as const },
      }))
    return rig
  }

  it('reads the capability through the fd of an owner that lends it', () => {
    const { host, device } = unprivileged()
    expect(findTphFunction(host, BDF).tph).toMatchObject({ offset: 0x1a0, stEntries: 64 })
    expect(device.opens).toBe(device.closes)
  })

  it('so that it can be told whether TPH_ST is there', () => {
    const { host } = unprivileged()
    expect(probeDevice(host, BDF)).toMatchObject({ value: { supported: true }, error: null })
  })

  it('says why it cannot be borrowed', () => {
    const { host, backend } = unprivileged()
    backend.borrow = () => {
      throw new Error('not lent')
    }
    expect(() => findTphFunction(host, BDF)).toThrow('not lent')
  })
})
