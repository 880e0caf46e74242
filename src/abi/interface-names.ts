/** The kernel interfaces for steering tags that are known here, the one to look for first in front. */
export const INTERFACE_NAMES = ['tph-st', 'pci-tph-v8'] as const

/** The name of a kernel interface, as `--abi` has it. */
export type InterfaceName = (typeof INTERFACE_NAMES)[number]

/** Which interface to speak: a certain one, or the first that a device's kernel turns out to have. */
export type InterfaceChoice = InterfaceName | 'auto'
