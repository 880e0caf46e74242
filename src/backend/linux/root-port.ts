import type { Bdf } from '../../args/bdf.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import { type Completer, completerOf, isRootPort } from '../../pci/express.ts'
import { configBytes, devicePath, isBdf } from './pci-devices.ts'
import type { Root } from './root.ts'

/**
 * The TPH completer support of the first root port above a function, the one that Linux goes by
 * (`pcie_find_root_port`); null when none is above it or config space does not tell.
 *
 * @throws TphctlError when the function's place in sysfs cannot be read
 */
export function rootPortCompleter(root: Root, bdf: Bdf): Completer | null {
  for (const above of functionsAbove(root, bdf)) {
    const config = new ConfigSpace(configBytes(root, above))
    if (isRootPort(config)) return completerOf(config)
  }
  return null
}

/** The functions that a function's sysfs folder lies in, the nearest first. */
function functionsAbove(root: Root, bdf: Bdf): Bdf[] {
  const path = devicePath(bdf)
  const real = root.realPath(path) ?? path
  return real.split('/').slice(0, -1).filter(isBdf).reverse()
}
