import { describe, expect, it } from 'vitest'
import { expressConfig, tphConfig } from '../backend/linux/linux-configs.ts'
import { runOnce, testHost } from '../helpers/run-main.ts'
import { BDF, type DoctorHost, doctorHost, doctorOn, MATE } from './doctor-host.ts'

const CANNOT_ASK = ['native-binding', 'borrow', 'feature']

describe('doctor DEVICE', () => {
  it('finds nothing wrong with a host in order, and claims nothing of a copy of it', async () => {
    const { checks, ready, exitCode } = await doctorOn(doctorHost())
    expect(checks.filter(({ state }) => state === 'problem')).toEqual([])
    const unknown = checks.filter(({ state }) => state === 'unknown').map(({ id }) => id)
    expect(unknown).toEqual(CANNOT_ASK)
    expect({ ready, exitCode }).toEqual({ ready: null, exitCode: 1 })
  })

  it('gives evidence with its place', async () => {
    const { at } = await doctorOn(doctorHost())
    const sysfs = `/sys/bus/pci/devices/${BDF}`
    expect(at('kernel-config', 'host')?.evidence).toBe('/boot/config-7.3.4: CONFIG_PCIE_TPH=y')
    expect(at('iommu', 'host')?.evidence).toBe('/sys/kernel/iommu_groups: 2 groups')
    expect(at('driver')?.evidence).toBe(`${sysfs}/driver: vfio-pci`)
    expect(at('iommu-group')?.evidence).toBe(`${sysfs}/iommu_group: 12, viable`)
    expect(at('device-node')?.evidence).toBe('/dev/vfio/devices/vfio0: there, /dev/vfio/12: there')
    expect(at('owner')?.evidence).toBe('pid 812 (qemu) has it open as fd 30')
    expect(at('owner-cpus')?.evidence).toBe('pid 812 may run on CPU 0-3; near the device are 0-3')
  })

  it.each<[string, DoctorHost, string, RegExp]>([
    ['capability', { config: expressConfig('endpoint') }, 'problem', /no TPH Requester/],
    ['capability', { config: tphConfig().slice(0, 64) }, 'unknown', /only 64 bytes/],
    ['root-port', { completer: 0 }, 'problem', /completes no TPH/],
    ['root-port', { completer: 1 }, 'ok', /its tags have 8 bits/],
    ['driver', { driver: 'ice' }, 'problem', /: ice, the host uses it/],
    ['iommu-group', { mate: 'ice' }, 'problem', new RegExp(`not viable, ${MATE} is on driver ice`)],
    ['owner', { owned: false }, 'problem', /nobody holds it open/],
    ['owner-cpus', { allowed: '4-7' }, 'problem', /all on another socket/],
  ])('%s with %j', async (id, host, state, evidence) => {
    const { at, ready } = await doctorOn(doctorHost(host))
    expect(at(id)).toMatchObject({ state, evidence: expect.stringMatching(evidence) })
    if (state === 'ok') return
    expect(at(id)?.fix).toMatch(/./)
    expect(ready).toBe(state === 'problem' ? false : null)
  })

  it('cannot tell whether there is an owner where processes are hidden', async () => {
    const { at } = await doctorOn(doctorHost({ owned: false, hidden: true }))
    expect(at('owner')).toMatchObject({
      state: 'unknown',
      fix: expect.stringMatching(/^run it as root/),
    })
  })

  it('names its problems on stderr, and the first way out', async () => {
    const { stderr } = await doctorOn(doctorHost({ driver: 'ice', completer: 0 }))
    expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: {
        device: BDF,
        exitCode: 1,
        message: 'Cannot set tags: there is a problem with root-port, driver',
        hint: expect.stringContaining('root port'),
      },
    })
  })

  it('reads the configuration that the kernel itself has first', async () => {
    const fake = doctorHost()
    const { gzipSync } = await import('node:zlib')
    fake.file('/proc/config.gz', gzipSync('# CONFIG_PCIE_TPH is not set\n'))
    const { at } = await doctorOn(fake)
    expect(at('kernel-config', 'host')?.evidence).toBe(
      '/proc/config.gz: CONFIG_PCIE_TPH is not set',
    )
  })

  it('says what it cannot read instead of giving up', async () => {
    const fake = doctorHost()
    fake.file('/sys/devices/system/cpu/online', 'nonsense\n')
    const { at } = await doctorOn(fake)
    expect(at('owner-cpus')).toMatchObject({
      state: 'unknown',
      evidence: expect.stringContaining('/sys/devices/system/cpu/online'),
    })
  })
})

describe('doctor', () => {
  it('shows each device with TPH by its first problem', async () => {
    const { at, checks, ready } = await doctorOn(doctorHost({ driver: 'ice' }), '')
    expect(checks.filter(({ subject }) => subject !== 'host').map(({ id }) => id)).toEqual([
      'device',
    ])
    expect(at('devices', 'host')?.evidence).toBe('1 PCI function with a TPH Requester capability')
    expect(at('device')).toMatchObject({
      state: 'problem',
      evidence: expect.stringMatching(/^driver: .* ice, the host uses it$/),
    })
    expect(ready).toBe(false)
  })

  it('is content with one device that works, whatever the others are like', async () => {
    const env = { TPHCTL_MOCK_FAULTS: 'open:1=EPERM' }
    const run = await runOnce('doctor --json', { env })
    expect(run.exitCode).toBe(0)
    const { ready, checks } = JSON.parse(run.stdout)
    const states = checks.slice(2).map(({ state }: { state: string }) => state)
    expect({ ready, states }).toEqual({ ready: true, states: ['problem', 'ok', 'ok'] })
  })

  it.each(['doctor', 'doctor 82:00.0', 'doctor 84:00.0'])(
    '%s sends no SET and writes nothing',
    async (call) => {
      const { stderr } = await testHost().run(`-v ${call}`)
      expect(stderr).not.toMatch(/FEATURE SET|^write/m)
    },
  )

  it.each([
    ['probe=ENOTTY', 'feature', 'problem', /PROBE GET says ENOTTY/],
    ['get=EIO', 'feature', 'problem', /EIO/],
    ['open=EBUSY', 'borrow', 'problem', /EBUSY/],
  ])('tells %s by the check "%s"', async (TPHCTL_MOCK_FAULTS, id, state, evidence) => {
    const run = await runOnce('doctor 81:00.0 -o ndjson', { env: { TPHCTL_MOCK_FAULTS } })
    expect(run.exitCode).toBe(1)
    const rows = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.find((one) => one.id === id)).toMatchObject({
      state,
      evidence: expect.stringMatching(evidence),
    })
  })
})
