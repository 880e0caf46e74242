import { join } from 'node:path'
import type { Libc } from '../../native-shims/libc.ts'
import { formatNumberList } from '../../src/args/cpu-list.ts'
import { builtInHost } from '../../src/backend/mock/mock-host.ts'
import { MOCK_TOPOLOGY } from '../../src/backend/mock/mock-topology.ts'
import { FakeRoot, pciFolder } from '../backend/linux/fake-root.ts'
import { runMain } from '../helpers/run-main.ts'
import { FakeKernel, type KernelDevice } from './fake-kernel.ts'
import { setFileHost } from './faulty-fs.ts'
import { FaultyLibc } from './faulty-libc.ts'
import { inMemory, keepFolder } from './folder.ts'
import { CONTROL_AT, type FaultWorld, stateOf } from './world.ts'

const fs = process.getBuiltinModule('node:fs')

const OWNER = 4242
/** The owner's fd of the first device; the others follow. */
const FIRST_FD = 9
/** The number under which this process has the first device where it was handed down. */
const HANDED_DOWN = 900
const ALL_CAPABILITIES = '000001ffffffffff'

let libc: Libc | null = null

/** The native calls that src gets. */
export function faultyLibc(): Libc {
  if (libc === null) throw new RangeError('no host is there')
  return libc
}

/** A real host as its files and system calls show it, with the devices of the built-in one. @param owned whether somebody has them open */
export function linuxWorld(owned: boolean): FaultWorld {
  const fake = new FakeRoot(inMemory())
  const devices = writeDevices(fake)
  const lent = new Map(devices.map(({ emulated }, i) => [FIRST_FD + i, emulated.bdf]))
  writeHost(fake, owned ? lent : new Map())
  const first = devices[0]?.emulated.bdf ?? ''
  const kernel = new FakeKernel(fake.folder, devices, new Map([...lent, [HANDED_DOWN, first]]))
  libc = new FaultyLibc(kernel)
  setFileHost(kernel)
  const uid = process.geteuid?.() ?? 0
  const env = uid === 0 ? {} : { XDG_RUNTIME_DIR: '/run' }
  return {
    name: 'linux',
    folder: fake.folder,
    save() {
      const folders = ['run', 'home'].map((name) => keepFolder(join(fake.folder, name)))
      const memories = [...kernel.memories].map(([bdf, { config, msix, vectors, kept }]) => {
        return [
          bdf,
          {
            config: config.slice(),
            msix: msix.slice(),
            vectors: vectors.slice(),
            kept: kept.slice(),
          },
        ] as const
      })
      return () => {
        for (const putBack of folders) putBack()
        kernel.locks.clear()
        for (const [bdf, memory] of memories) kernel.load(bdf, memory)
      }
    },
    run: (call, options = {}) => runMain(call, { ...options, env: { ...env, ...options.env } }),
    state(bdf) {
      const memory = kernel.memories.get(bdf)
      if (memory === undefined) throw new RangeError(`no device ${bdf}`)
      return stateOf(memory.kept, memory.config, CONTROL_AT)
    },
    end(injector) {
      for (const fd of injector.open.keys()) {
        kernel.closed(fd)
        fs.closeSync(fd)
      }
    },
    locked: () => [...kernel.locks.keys()],
    dispose() {
      libc = null
      setFileHost(null)
      fake.dispose()
    },
  }
}

/** The functions of the built-in host in sysfs. @returns those on vfio-pci */
function writeDevices(fake: FakeRoot): KernelDevice[] {
  const { functions } = builtInHost()
  const all = functions.bdfs.flatMap((bdf) => functions.find(bdf) ?? [])
  const ports = all.filter(({ owned }) => !owned)
  return all.flatMap((emulated) => {
    const { bdf, config, driver, iommuGroup, numaNode, owned } = emulated
    const view = new DataView(config.buffer, config.byteOffset, 4)
    const at = all.filter((one) => one.owned).indexOf(emulated)
    const parents = owned ? [ports[at]?.bdf ?? ''] : []
    fake.pciFunction({
      bdf,
      parents,
      vendor: view.getUint16(0, true),
      device: view.getUint16(2, true),
      config,
      driver: driver ?? '',
      group: iommuGroup ?? 0,
      numaNode: numaNode ?? -1,
      localCpus: numaNode === 0 ? '0-7' : '8-15',
      ...(owned ? { vfioDev: { name: `vfio${at}`, major: 511, minor: at } } : {}),
    })
    if (!owned) return []
    fake.file(`/dev/vfio/devices/vfio${at}`, '')
    fake.file(`/dev/vfio/${iommuGroup}`, '')
    return [{ emulated, cdev: at, configFile: `${pciFolder([...parents, bdf])}/config` }]
  })
}

function writeHost(fake: FakeRoot, lent: ReadonlyMap<number, string>): void {
  const { possible, online, nodes, l3, packages } = MOCK_TOPOLOGY
  const list = formatNumberList
  fake.cpus({
    possible: list(possible),
    online: list(online),
    nodes: Object.fromEntries(nodes.map(({ id, cpus }) => [id, list(cpus)])),
    l3: l3.map(({ id, cpus }) => ({ id, cpus: list(cpus) })),
    packages: Object.fromEntries(packages.map(({ id, cpus }) => [id, list(cpus)])),
  })
  fake.files('/proc/sys/kernel', { osrelease: '7.3.4\n', arch: 'x86_64\n' })
  fake.file('/proc/sys/kernel/random/boot_id', '0f9c8a5e-0000-4000-8000-000000000001\n')
  fake.file('/proc/sys/kernel/yama/ptrace_scope', '0\n')
  fake.file('/proc/cmdline', 'root=/dev/vda1 intel_iommu=on\n')
  fake.file('/boot/config-7.3.4', 'CONFIG_PCIE_TPH=y\n')
  fake.file(
    '/sys/kernel/btf/vfio_pci_core',
    '\0vfio_device_feature_migration\0vfio_device_feature_tph_st\0',
  )
  fake.file('/sys/module/vfio/parameters/enable_unsafe_noiommu_mode', 'N\n')
  for (const node of ['/dev/iommu', '/dev/vfio/vfio']) fake.file(node, '')
  for (const folder of ['/run', '/home/me', '/proc/self/fd', '/proc/self/fdinfo']) {
    fake.directory(folder)
  }
  writeProcesses(fake, lent)
  writeInterrupts(fake)
}

function writeProcesses(fake: FakeRoot, lent: ReadonlyMap<number, string>): void {
  const fdOf = (bdf: string) => ({
    link: 'anon_inode:[vfio-device]',
    fdinfo: `vfio-device-syspath:\t/sys/devices/pci0000:80/${bdf}\n`,
  })
  const fds = Object.fromEntries([...lent].map(([fd, bdf]) => [fd, fdOf(bdf)]))
  const all = { allowed: '0-15' }
  fake.process({ ...all, pid: 1, comm: 'init', startTime: 1, fds: {} })
  fake.process({
    ...all,
    pid: 700,
    comm: 'editor',
    startTime: 7,
    fds: { 3: { link: '/etc/motd' } },
  })
  fake.process({ ...all, pid: OWNER, comm: 'qemu', startTime: 42, threads: { 4243: '0-15' }, fds })
  const own = { [HANDED_DOWN]: fdOf([...lent.values()][0] ?? '') }
  fake.process({ ...all, pid: process.pid, comm: 'tphctl', startTime: 99, fds: own })
  fake.link(`/proc/self/fd/${HANDED_DOWN}`, 'anon_inode:[vfio-device]')
  fake.file('/proc/self/status', `Name:\ttphctl\nCapEff:\t${ALL_CAPABILITIES}\n`)
  fake.link('/proc/self/ns/pid', 'pid:[4026531836]')
}

/** Two vectors of the first device. */
function writeInterrupts(fake: FakeRoot): void {
  for (const [irq, cpu] of [
    [40, 0],
    [41, 1],
  ] as const) {
    fake.file(`/sys/devices/pci0000:80/0000:80:01.0/0000:81:00.0/msi_irqs/${irq}`, 'msix\n')
    fake.files(`/proc/irq/${irq}`, {
      effective_affinity_list: `${cpu}\n`,
      smp_affinity_list: `${cpu}\n`,
    })
    fake.directory(`/proc/irq/${irq}/vfio-msix[${irq - 40}](0000:81:00.0)`)
  }
}
