import type { CheckInfo, DoctorResult } from '../../src/tph/doctor-results.ts'
import { type FakeRoot, fakeRoot } from '../backend/linux/fake-root.ts'
import { expressConfig, tphConfig } from '../backend/linux/linux-configs.ts'
import { runMain } from '../helpers/run-main.ts'
import { expectValid } from '../helpers/schemas.ts'

/** The device of these tests, its root port, another function of its group, and one without TPH. */
export const BDF = '0000:81:00.0'
export const ROOT_PORT = '0000:80:01.0'
export const MATE = '0000:81:00.1'
export const OTHER = '0000:82:00.0'

/** Every capability a process can have. */
const ALL = '000001ffffffffff'

/** What may be otherwise on the host. */
export interface DoctorHost {
  readonly config?: Uint8Array
  /** The field in Device Capabilities 2 of the root port. */
  readonly completer?: number
  readonly driver?: string
  /** The driver of the other function of the group. */
  readonly mate?: string
  /** Whether a process has the device open. */
  readonly owned?: boolean
  /** The CPUs that process may run on. */
  readonly allowed?: string
  readonly capEff?: string
  /** Whether other users' processes are hidden, the first one too. */
  readonly hidden?: boolean
}

/** A host on which all is well, but for what is said, as a copy: no device of it can be reached. */
export function doctorHost(host: DoctorHost = {}): FakeRoot {
  const { config = tphConfig(), completer = 3, driver = 'vfio-pci', mate = 'pcieport' } = host
  const fake = fakeRoot()
  writeKernel(fake, host.capEff ?? ALL)
  fake.cpus({ possible: '0-7', online: '0-7', packages: { 0: '0-3', 1: '4-7' } })
  const ids = { vendor: 0x8086, device: 0x159b, numaNode: 0, localCpus: '0-3' }
  fake.pciFunction({
    ...ids,
    bdf: ROOT_PORT,
    config: expressConfig('rootPort', completer),
    group: 4,
  })
  const below = { ...ids, parents: [ROOT_PORT], group: 12 }
  const vfioDev = { name: 'vfio0', major: 511, minor: 0 }
  const isVfio = driver === 'vfio-pci'
  fake.pciFunction({ ...below, bdf: BDF, config, driver, ...(isVfio ? { vfioDev } : {}) })
  fake.pciFunction({ ...below, bdf: MATE, config: expressConfig('endpoint'), driver: mate })
  fake.pciFunction({ ...ids, bdf: OTHER, config: expressConfig('endpoint') })
  for (const node of ['vfio/vfio', 'vfio/12', 'vfio/devices/vfio0', 'iommu'])
    fake.file(`/dev/${node}`, '')
  if (host.hidden !== true) {
    fake.process({ pid: 1, comm: 'init', startTime: 1, allowed: '0-7', fds: {} })
  }
  writeProcesses(fake, host.owned ?? true, host.allowed ?? '0-3')
  return fake
}

function writeKernel(fake: FakeRoot, capEff: string): void {
  fake.files('/proc/sys/kernel', { osrelease: '7.3.4\n', arch: 'x86_64\n' })
  fake.file('/proc/sys/kernel/yama/ptrace_scope', '1\n')
  fake.file('/proc/cmdline', 'root=/dev/vda1 intel_iommu=on password=secret\n')
  fake.file('/proc/self/status', `Name:\ttphctl\nCapEff:\t${capEff}\n`)
  fake.file('/boot/config-7.3.4', 'CONFIG_PCI=y\nCONFIG_PCIE_TPH=y\n')
  fake.file(
    '/sys/kernel/btf/vfio_pci_core',
    '\0vfio_device_feature_migration\0vfio_device_feature_tph_st\0',
  )
}

function writeProcesses(fake: FakeRoot, owned: boolean, allowed: string): void {
  const fdinfo = `vfio-device-syspath:\t/sys/devices/pci0000:80/${ROOT_PORT}/${BDF}\n`
  const device = { 30: { link: 'anon_inode:[vfio-device]', fdinfo } }
  const fds = { 3: { link: '/home/someone/diary' }, ...(owned ? device : {}) }
  fake.process({ pid: 812, comm: 'qemu', startTime: 353107, allowed, fds })
  fake.process({
    pid: 900,
    comm: 'editor',
    startTime: 9,
    allowed,
    fds: { 4: { link: '/etc/motd' } },
  })
}

/** The checks of a call of doctor on such a host, by `subject id`, and what else came of it. */
export async function doctorOn(fake: FakeRoot, words = BDF) {
  const run = await runMain(`doctor ${words} --json --root ${fake.folder}`)
  const value = expectValid('doctor', JSON.parse(run.stdout)) as DoctorResult
  const checks = new Map(value.checks.map((one) => [`${one.subject} ${one.id}`, one]))
  const at = (id: string, subject = BDF): CheckInfo | undefined => checks.get(`${subject} ${id}`)
  return { ...run, ready: value.ready, checks: value.checks, at }
}
