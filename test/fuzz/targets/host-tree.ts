import { someConfigs } from './configs.ts'

const BDF = '0000:81:00.0'
const OTHER = '0000:82:00.0'
const PORT = '0000:80:01.0'
const BUS = '/sys/devices/pci0000:80'
const CPU = '/sys/devices/system/cpu'

function config(at: number): string {
  return `f%${Buffer.from(someConfigs()[at] ?? '').toString('hex')}`
}

function pciFunction(folder: string, bdf: string, of: string): Record<string, string> {
  const place = `${folder}/${bdf}`
  return {
    [`${place}/vendor`]: 'f0x1234\n',
    [`${place}/device`]: 'f0x8100\n',
    [`${place}/numa_node`]: 'f0\n',
    [`${place}/local_cpulist`]: 'f0-1\n',
    [`${place}/config`]: of,
    [`${place}/driver`]: 'l../../../bus/pci/drivers/vfio-pci',
    [`${place}/iommu_group`]: 'l../../../kernel/iommu_groups/7',
    [`/sys/bus/pci/devices/${bdf}`]: `l../../../..${place}`,
    [`/sys/kernel/iommu_groups/7/devices/${bdf}`]: 'd',
  }
}

function process(pid: number, fds: Readonly<Record<number, string>>): Record<string, string> {
  const links = Object.entries(fds).map(([fd, link]) => [`/proc/${pid}/fd/${fd}`, `l${link}`])
  const status = 'fName:\tqemu\nCapEff:\t000001ffffffffff\nCpus_allowed_list:\t0-3\n'
  return {
    [`/proc/${pid}/comm`]: 'fqemu\n',
    [`/proc/${pid}/stat`]: `f${pid} (qemu) S 1 1 1 0 -1 4194560 9 0 0 0 5 6 0 0 20 0 1 0 990 1024 8\n`,
    [`/proc/${pid}/status`]: status,
    [`/proc/${pid}/task/${pid}/status`]: status,
    [`/proc/${pid}/fd`]: 'd',
    ...Object.fromEntries(links),
    [`/proc/${pid}/fdinfo/5`]: `fpos:\t0\nvfio-device-syspath:\t${BUS}/${PORT}/${BDF}\n`,
  }
}

function cpu(number: number): Record<string, string> {
  const [cache, id] = [`${CPU}/cpu${number}/cache/index3`, number >> 1]
  return {
    [`${cache}/level`]: 'f3\n',
    [`${cache}/id`]: `f${id}\n`,
    [`${cache}/shared_cpu_list`]: `f${2 * id}-${2 * id + 1}\n`,
    [`${CPU}/cpu${number}/topology/physical_package_id`]: 'f0\n',
  }
}

const INTERRUPTS = {
  [`${BUS}/${PORT}/${BDF}/msi_irqs/40`]: 'fmsix\n',
  '/proc/irq/40/effective_affinity_list': 'f1\n',
  '/proc/irq/40/smp_affinity_list': 'f0-3\n',
  [`/proc/irq/40/vfio-msix[0](${BDF})`]: 'd',
}

/** A host with two devices on vfio-pci, one of them owned. */
export const WHOLE_HOST: Readonly<Record<string, string>> = {
  ...pciFunction(`${BUS}/${PORT}`, BDF, config(1)),
  [`${BUS}/${PORT}/${BDF}/vfio-dev/vfio0/dev`]: 'f511:0\n',
  ...pciFunction(BUS, OTHER, config(3)),
  ...pciFunction(BUS, PORT, config(0)),
  ...INTERRUPTS,
  ...process(1, {}),
  ...process(812, { 5: 'anon_inode:[vfio-device]', 6: '/dev/vfio/7' }),
  ...process(813, { 5: '/dev/vfio/devices/vfio0' }),
  [`${CPU}/possible`]: 'f0-3\n',
  [`${CPU}/online`]: 'f0-3\n',
  ...cpu(0),
  ...cpu(2),
  '/sys/devices/system/node/node0/cpulist': 'f0-1\n',
  '/sys/devices/system/node/node1/cpulist': 'f2-3\n',
}

/** The parts of it that have to do with each other, to be changed alone. */
export const HOST_PARTS: readonly Readonly<Record<string, string>>[] = [
  WHOLE_HOST,
  only(/system\//),
  only(
    /^\/proc\/\d|iommu_groups|vfio-dev|bus\/pci|vendor$|81:00\.0\/(?:driver|iommu_group|device)$/,
  ),
  only(/irq|bus\/pci|vendor$|online|81:00\.0\/config/),
  { ...only(/system\//), '/proc/cmdline': 'fpci=notph vfio.enable_unsafe_noiommu_mode=1\n' },
]

function only(pattern: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(WHOLE_HOST).filter(([path]) => pattern.test(path)))
}
