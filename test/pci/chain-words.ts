import type { CapabilityWalk } from '../../src/pci/capabilities.ts'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { buildConfig, type ConfigParts } from './build-config.ts'

/** A config space made of these parts. */
export function configOf(parts: ConfigParts): ConfigSpace {
  return new ConfigSpace(buildConfig(parts))
}

/** A walk in short: how it ended, then each `id@offset`. */
export function seen({ capabilities, end }: CapabilityWalk): string[] {
  return [end, ...capabilities.map(({ id, offset }) => `${id.toString(16)}@${offset.toString(16)}`)]
}
