import type { CommandSpec } from './spec.ts'

/** A command by name: one line about it, and its module, which is loaded when the command runs. */
export interface CommandEntry {
  readonly summary: string
  load(): Promise<CommandSpec>
}

/** Every command, in the order of --help. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  list: {
    summary: 'show every PCI function with a TPH Requester capability',
    load: async () => (await import('./list.ts')).list,
  },
  info: {
    summary: 'show everything about one function',
    load: async () => (await import('./info.ts')).info,
  },
  probe: {
    summary: 'tell whether the kernel has TPH_ST for a device',
    load: async () => (await import('./probe.ts')).probe,
  },
  get: {
    summary: "show the tags of a device's ST entries",
    load: async () => (await import('./get.ts')).get,
  },
  set: {
    summary: 'point ST entries at CPUs',
    load: async () => (await import('./set.ts')).set,
  },
  clear: {
    summary: 'clear ST entries',
    load: async () => (await import('./clear.ts')).clear,
  },
  undo: {
    summary: 'put back what the last set, clear or apply changed',
    load: async () => (await import('./undo.ts')).undo,
  },
  apply: {
    summary: 'bring devices to the state that files describe',
    load: async () => (await import('./apply.ts')).apply,
  },
  export: {
    summary: 'write the state of devices as a file for apply, or as metrics',
    load: async () => (await import('./export.ts')).exportState,
  },
  enable: {
    summary: 'turn TPH on in a mode',
    load: async () => (await import('./enable.ts')).enable,
  },
  disable: {
    summary: 'turn TPH off',
    load: async () => (await import('./disable.ts')).disable,
  },
  plan: {
    summary: "print ENTRYs that spread a device's table over CPUs",
    load: async () => (await import('./plan.ts')).plan,
  },
  tag: {
    summary: 'show the tag of each CPU, for devices without an ST table',
    load: async () => (await import('./tag.ts')).tag,
  },
  verify: {
    summary: "compare the kernel's tags with the device's own table",
    load: async () => (await import('./verify.ts')).verify,
  },
  map: {
    summary: 'draw which entries steer to which CPUs',
    load: async () => (await import('./map.ts')).map,
  },
  watch: {
    summary: 'draw that again whenever it changes',
    load: async () => (await import('./watch.ts')).watch,
  },
  doctor: {
    summary: 'check everything that setting tags depends on',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  gather: {
    summary: 'copy what tphctl reads of this host into a folder',
    load: async () => (await import('./gather.ts')).gather,
  },
  hold: {
    summary: 'keep devices open that nobody else uses, and their tags',
    load: async () => (await import('./hold.ts')).hold,
  },
  batch: {
    summary: 'run commands from a file or standard input, one a line',
    load: async () => (await import('./batch.ts')).batch,
  },
  completion: {
    summary: 'print the completion script of a shell',
    load: async () => (await import('./completion.ts')).completion,
  },
  mock: {
    summary: 'manage the emulated host',
    load: async () => (await import('./mock.ts')).mock,
  },
  version: {
    summary: 'show the version and the kernel interface it speaks',
    load: async () => (await import('./version.ts')).version,
  },
}
