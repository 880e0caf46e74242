import { expect, it } from 'vitest'
import { idText } from '../../src/pci/id-text.ts'

it.each([
  [0x8086, '8086'],
  [0x15b3, '15b3'],
  [0x0b25, '0b25'],
  [0, '0000'],
  [0xffff, 'ffff'],
])('idText() writes %i as %s', (id, text) => {
  expect(idText(id)).toBe(text)
})
