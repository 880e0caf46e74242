/** An MSI or MSI-X interrupt that the kernel has for a function. */
export interface Interrupt {
  /** Linux's number of it, as in /proc/irq. */
  readonly irq: number
  /** The device's vector; null when the handler's name does not say, or there is no handler. */
  readonly vector: number | null
  /** The CPU it is delivered to, or those it may be delivered to, ascending; empty when that is not known. */
  readonly cpus: readonly number[]
}
