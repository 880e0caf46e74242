import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { completerOf, findExpress, isRootPort, secondaryBus } from '../../src/pci/express.ts'
import { buildConfig, type ConfigParts } from './build-config.ts'

const configOf = (parts: ConfigParts) => new ConfigSpace(buildConfig(parts))

// Device Capabilities 2 is 0x24 into the capability: the ninth register from +4.
const express = (flags: number, devcap2 = 0) => ({
  offset: 0x40,
  id: 0x10,
  flags,
  dwords: [0, 0, 0, 0, 0, 0, 0, 0, devcap2],
})

describe('findExpress()', () => {
  it.each([
    [0x0002, 0],
    [0x0042, 4],
    [0x0092, 9],
    [0x3fa2, 10],
  ])('takes from flags %i the type %i', (flags, type) => {
    const config = configOf({ capabilities: [express(flags)] })
    expect(findExpress(config)).toEqual({ offset: 0x40, type })
    expect(isRootPort(config)).toBe(type === 4)
  })

  it('is null without the capability or its flags', () => {
    expect(findExpress(configOf({}))).toBeNull()
    const cut = configOf({ capabilities: [express(0x42)], size: 0x43 })
    expect(findExpress(cut)).toBeNull()
    expect(isRootPort(cut)).toBe(false)
  })
})

describe('completerOf()', () => {
  it.each([
    [0x00000000, 'none'],
    [0x00001000, 'tph'],
    [0x00002000, 'none'],
    [0x00003000, 'extended'],
    [0xffffcfff, 'none'],
    [0xffffdfff, 'tph'],
  ])('takes from Device Capabilities 2 %i: %s', (devcap2, completer) => {
    expect(completerOf(configOf({ capabilities: [express(0x42, devcap2)] }))).toBe(completer)
  })

  it('is none for version 1, which has something else there', () => {
    expect(completerOf(configOf({ capabilities: [express(0x41, 0x3000)] }))).toBe('none')
  })

  it('is none for a function known to have no PCI Express capability', () => {
    expect(completerOf(configOf({ size: 256 }))).toBe('none')
  })

  it.each([64, 0x41, 0x43, 0x64, 0x67])('is null where only %i bytes are visible', (size) => {
    expect(completerOf(configOf({ capabilities: [express(0x42, 0x3000)], size }))).toBeNull()
  })
})

describe('secondaryBus()', () => {
  it.each([
    [1, 0x81],
    [0x81, 0x81],
    [0, null],
    [2, null],
  ])('of header type %i is %s', (headerType, expected) => {
    expect(secondaryBus(configOf({ headerType, secondaryBus: 0x81 }))).toBe(expected)
  })

  it('is null where not visible', () => {
    expect(secondaryBus(configOf({ headerType: 1, secondaryBus: 0x81, size: 0x19 }))).toBeNull()
  })
})
