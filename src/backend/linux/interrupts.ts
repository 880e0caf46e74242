import type { Bdf } from '../../args/bdf.ts'
import { decimal } from '../../args/integer.ts'
import type { Interrupt } from '../../topology/interrupt.ts'
import { cpusIn } from './host-file.ts'
import { devicePath } from './pci-devices.ts'
import type { Root } from './root.ts'

/** How vfio-pci names the handler of a vector; /proc/irq/N has a folder of that name. */
const HANDLER = /^vfio-msix?\[(\d{1,4})\]\((.+)\)$/

/** A function's MSI and MSI-X interrupts as sysfs lists them, each with what procfs says of it. @throws TphctlError */
export function readInterrupts(root: Root, bdf: Bdf): Interrupt[] {
  const folder = devicePath(bdf, 'msi_irqs')
  const names = root.names(folder)
  const irqs = names.map(decimal).filter((irq) => irq >= 0 && Number.isSafeInteger(irq))
  return irqs
    .sort((a, b) => a - b)
    .map((irq) => ({ irq, vector: vectorOf(root, bdf, irq), cpus: cpusOf(root, irq) }))
}

function vectorOf(root: Root, bdf: Bdf, irq: number): number | null {
  const folder = `/proc/irq/${irq}`
  for (const name of root.names(folder)) {
    const [, vector, device] = HANDLER.exec(name) ?? []
    if (vector !== undefined && device === bdf) return Number(vector)
  }
  return null
}

/** The effective affinity; where the kernel keeps none, or the interrupt has not begun, the one that is allowed. */
function cpusOf(root: Root, irq: number): number[] {
  const effective = cpusIn(root, `/proc/irq/${irq}/effective_affinity_list`) ?? []
  return effective.length > 0
    ? effective
    : (cpusIn(root, `/proc/irq/${irq}/smp_affinity_list`) ?? [])
}
