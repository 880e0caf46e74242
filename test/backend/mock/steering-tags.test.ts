import { expect, it } from 'vitest'
import { steeringTag } from '../../../src/backend/mock/steering-tags.ts'

it.each([
  [0, false, 'extended', 0x100],
  [19, false, 'extended', 0x113],
  [19, true, 'extended', 0x213],
  [0, false, 'tph', 1],
  [0, true, 'tph', 2],
  [126, true, 'tph', 254],
  [127, false, 'tph', 255],
  [127, true, 'tph', 1],
] as const)('steeringTag() of CPU %i, persistent %s, %s', (cpu, persistent, requester, tag) => {
  expect(steeringTag(cpu, persistent, requester)).toBe(tag)
})
