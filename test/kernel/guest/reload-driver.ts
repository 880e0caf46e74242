import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'

const DRIVER = 'vfio-tph-pci'
const MODULE = `/mnt/modules/${DRIVER}.ko`
const BOUND = `/sys/bus/pci/drivers/${DRIVER}`

/**
 * Loads the driver anew, with parameters, and gives it the devices that it had: nobody may have one open.
 *
 * @throws Error when it does not load, or does not take a device
 */
export function reloadDriver(parameters: readonly string[]): void {
  const devices = readdirSync(BOUND).filter((name) => /^[0-9a-f]{4}:/.test(name))
  for (const device of devices) writeFileSync(`${BOUND}/unbind`, device)
  execFileSync('rmmod', [DRIVER])
  execFileSync('insmod', [MODULE, ...parameters])
  // Which driver takes them was said when they were bound first.
  for (const device of devices) writeFileSync('/sys/bus/pci/drivers_probe', device)
  for (const device of devices) {
    const link = `/sys/bus/pci/devices/${device}/driver`
    const driver = existsSync(link) ? basename(readlinkSync(link)) : 'none'
    if (driver !== DRIVER) throw new Error(`${device} is with ${driver}`)
  }
}
