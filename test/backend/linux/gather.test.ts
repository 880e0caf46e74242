import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BDF, type DoctorHost, doctorHost, OTHER, ROOT_PORT } from '../../doctor/doctor-host.ts'
import { expectFailure } from '../../helpers/expect-failure.ts'
import { runMain } from '../../helpers/run-main.ts'
import { expectValid } from '../../helpers/schemas.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import type { FakeRoot } from './fake-root.ts'
import { tphConfig } from './linux-configs.ts'

interface Bundle {
  readonly folder: string
  readonly items: readonly { path: string; kind: string; detail: string | null }[]
}

/** Gathers a host. */
async function gather(fake: FakeRoot, words = ''): Promise<Bundle> {
  const folder = join(temporaryDirectory(), 'bundle')
  const run = await runMain(`gather ${words} --root ${fake.folder} --to ${folder} --json`)
  expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  const { items } = expectValid('gather', JSON.parse(run.stdout)) as Bundle
  return { folder, items }
}

/** Every path in a folder, from its top; links are not followed. */
function paths(folder: string, below = '/'): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? [path, ...paths(folder, path)] : [path]
  })
}

function textIn({ folder }: Bundle, path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}

const HOSTS: readonly DoctorHost[] = [
  {},
  { owned: false },
  { hidden: true },
  { owned: false, hidden: true },
  { driver: 'ice', mate: 'ice', completer: 0 },
  { config: tphConfig().slice(0, 64), capEff: '0000000000000000' },
  { allowed: '4-7' },
]

describe('a bundle', () => {
  it.each(HOSTS)('of a host %j replays as that host', async (host) => {
    const fake = doctorHost(host)
    const { folder } = await gather(fake)
    const isSeen = host.config === undefined
    for (const call of ['list', 'doctor', ...(isSeen ? [`info ${BDF}`, `doctor ${BDF}`] : [])]) {
      const there = await runMain(`${call} --json --root ${fake.folder}`)
      expect(await runMain(`${call} --json --root ${folder}`), call).toEqual(there)
    }
  })

  it.each(HOSTS)('of one device of a host %j replays too', async (host) => {
    const fake = doctorHost(host)
    const { folder } = await gather(fake, BDF)
    for (const call of [`info ${BDF}`, `doctor ${BDF}`]) {
      const there = await runMain(`${call} --json --root ${fake.folder}`)
      expect(await runMain(`${call} --json --root ${folder}`), call).toEqual(there)
    }
    expect(paths(folder).filter((path) => path.includes(OTHER))).toEqual([])
  })

  it('of a bundle is the same bundle', async () => {
    const first = await gather(doctorHost())
    const folder = join(temporaryDirectory(), 'again')
    await runMain(`gather --root ${first.folder} --to ${folder}`)
    expect(paths(folder).sort()).toEqual(paths(first.folder).sort())
    expect(textIn({ ...first, folder }, 'doctor.json')).toBe(textIn(first, 'doctor.json'))
  })

  it("has doctor's report and a list of all that was taken", async () => {
    const bundle = await gather(doctorHost())
    expectValid('doctor', JSON.parse(textIn(bundle, 'doctor.json')))
    const listed = textIn(bundle, 'MANIFEST')
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[1])
    expect(listed).toEqual(bundle.items.map(({ path }) => path))
    const files = paths(bundle.folder).filter(
      (path) => !lstatSync(join(bundle.folder, path)).isDirectory(),
    )
    expect(files.sort()).toEqual([...listed, '/MANIFEST', '/doctor.json'].sort())
  })

  it('keeps links, but none that leads out of it', async () => {
    const fake = doctorHost()
    fake.link('/proc/config.gz', '/sys/config.gz')
    fake.file('/sys/config.gz', '')
    const { items } = await gather(fake)
    const place = `/sys/bus/pci/devices/${BDF}`
    const target = `../../../devices/pci0000:80/${ROOT_PORT}/${BDF}`
    expect(items).toContainEqual({ path: place, kind: 'link', detail: target })
    const outward = items.filter(
      ({ kind, path, detail }) =>
        kind === 'link' && detail?.startsWith('/') && !/^\/proc\//.test(path),
    )
    expect(outward).toEqual([])
  })

  it('takes of processes only those with VFIO devices, and of those only what finds an owner', async () => {
    const fake = doctorHost()
    fake.file('/proc/812/cmdline', 'qemu\0-secret\0')
    const bundle = await gather(fake)
    const taken = bundle.items.map(({ path }) => path).filter((path) => /^\/proc\/\d/.test(path))
    expect(taken).toEqual([
      '/proc/812/comm',
      '/proc/812/fd/30',
      '/proc/812/fdinfo/30',
      '/proc/812/stat',
      '/proc/812/status',
      '/proc/812/task/812/status',
    ])
    expect(textIn(bundle, '/proc/812/stat').trim().split(' ')).toHaveLength(22)
    expect(textIn(bundle, '/proc/812/status')).toBe('Cpus_allowed_list:\t0-3\n')
    expect(textIn(bundle, '/proc/812/fdinfo/30')).toMatch(/^vfio-device-syspath:.*\n$/)
    expect(textIn(bundle, '/proc/cmdline')).toBe('intel_iommu=on\n')
  })

  it('holds the names of device nodes, as empty files', async () => {
    const { items } = await gather(doctorHost())
    const nodes = items.filter(({ path }) => path.startsWith('/dev/'))
    expect(nodes.map(({ path }) => path)).toEqual([
      '/dev/iommu',
      '/dev/vfio/12',
      '/dev/vfio/devices/vfio0',
      '/dev/vfio/vfio',
    ])
    expect(new Set(nodes.map(({ kind }) => kind))).toEqual(new Set(['name']))
  })

  it('is for this user alone', async () => {
    const { folder } = await gather(doctorHost())
    for (const path of ['', ...paths(folder)]) {
      const stat = lstatSync(join(folder, path))
      if (!stat.isSymbolicLink()) expect(stat.mode & 0o077, path).toBe(0)
    }
  })

  it('is not written under --dry-run', async () => {
    const to = join(temporaryDirectory(), 'bundle')
    const run = await runMain(`gather -n --root ${doctorHost().folder} --to ${to} --json`)
    const value = JSON.parse(run.stdout)
    expect(value.written).toBe(false)
    expect(value.items.length).toBeGreaterThan(20)
    expect(() => lstatSync(to)).toThrow('ENOENT')
  })
})

describe('the folder of a bundle', () => {
  it('may be there if it is empty, and is closed to others', async () => {
    const to = join(temporaryDirectory(), 'bundle')
    mkdirSync(to)
    chmodSync(to, 0o755)
    const run = await runMain(`gather --root ${doctorHost().folder} --to ${to}`)
    expect(run.exitCode).toBe(0)
    expect(lstatSync(to).mode & 0o777).toBe(0o700)
  })

  it('is refused with something in it, which stays as it is', async () => {
    const to = temporaryDirectory()
    writeFileSync(join(to, 'mine'), 'x')
    const run = await runMain(`gather --root ${doctorHost().folder} --to ${to}`)
    const { message } = expectFailure(run, 'usage')
    expect(message).toContain('ENOTEMPTY')
    expect(readdirSync(to)).toEqual(['mine'])
  })

  it('is refused where a file is', async () => {
    const to = join(temporaryDirectory(), 'file')
    writeFileSync(to, '')
    const run = await runMain(`gather --root ${doctorHost().folder} --to ${to}`)
    expect(expectFailure(run, 'usage').message).toContain('ENOTDIR')
  })
})

describe('gathering', () => {
  it('a device that is not there leaves nothing behind', async () => {
    const to = join(temporaryDirectory(), 'bundle')
    const run = await runMain(`gather 99:00.0 --root ${doctorHost().folder} --to ${to}`)
    expectFailure(run, 'notFound')
    expect(() => lstatSync(to)).toThrow('ENOENT')
  })

  it('works on this very host', async () => {
    const to = join(temporaryDirectory(), 'bundle')
    expect((await runMain(`gather --backend linux --to ${to}`)).exitCode).toBe(0)
    const here = await runMain('list --backend linux --json')
    expect((await runMain(`list --root ${to} --json`)).stdout).toBe(here.stdout)
  })
})
