import type { RequesterType } from '../../pci/tph-capability.ts'

/**
 * The tag that the emulated firmware gives for a CPU. Invented: real tags come from the platform's ACPI `_DSM` and look
 * like anything. Extended requesters get 16 bits that show the CPU, the others a value of 1 to 255.
 */
export function steeringTag(cpu: number, persistent: boolean, requester: RequesterType): number {
  if (requester === 'extended') return (persistent ? 0x200 : 0x100) + cpu
  return 1 + ((2 * cpu + (persistent ? 1 : 0)) % 255)
}
