import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { FORMATS } from '../../src/format/formats.ts'
import { BDF, doctorHost } from '../doctor/doctor-host.ts'
import { type RunOptions, runMain, testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { expectHarmless, hostileName, hostileWord, samples } from './hostile.ts'

const NAMES = samples(hostileName, 8)
const WORDS = samples(hostileWord, 8)

/** A call with words, options or texts that somebody else wrote. */
interface Call extends RunOptions {
  readonly argv: readonly string[]
}

/** Desired state that is not what its schema says, and whose strings are `text`. */
function desired(text: string): string {
  const device = { device: text, vendor: text, mode: text, entries: [text], policy: { [text]: 1 } }
  return JSON.stringify({ version: 1, devices: [device], [text]: text })
}

/** A call of each command with that text wherever a word, a file's name or a file's content may have it. */
const CALLS: Readonly<Record<string, (text: string) => readonly Call[]>> = {
  list: (text) => [{ argv: ['list', text] }, { argv: ['list', '--root', `/${text}`] }],
  info: (text) => [{ argv: ['info', text] }, { argv: ['info', '81:00.0', '--mock-host', text] }],
  probe: (text) => [{ argv: ['probe', text] }],
  get: (text) => [{ argv: ['get', '81:00.0', text] }],
  set: (text) => [
    { argv: ['set', '81:00.0', text] },
    { argv: ['set', '81:00.0', `0=${text}`] },
    { argv: ['set', '81:00.0', '-'], stdin: `0=1 ${text}\n` },
    { argv: ['set', '-'], stdin: `${text} 0=1\n` },
  ],
  clear: (text) => [{ argv: ['clear', '81:00.0', text] }],
  undo: (text) => [{ argv: ['undo', text] }],
  apply: (text) => [
    { argv: ['apply', text] },
    { argv: ['apply', '-'], stdin: desired(text) },
    { argv: ['apply', `/${text}.yaml`], files: { [`/${text}.yaml`]: desired(text) } },
    { argv: ['apply', '-'], stdin: `${text}: &${text} !${text} [*${text}` },
  ],
  export: (text) => [
    { argv: ['export', text] },
    { argv: ['export', '--to', `/nowhere/${text}`] },
    { argv: ['export', '--prometheus', text] },
  ],
  enable: (text) => [{ argv: ['enable', '81:00.0', '--mode', text] }],
  disable: (text) => [{ argv: ['disable', text] }],
  plan: (text) => [{ argv: ['plan', '81:00.0', '--cpus', text] }],
  tag: (text) => [{ argv: ['tag', '83:00.0', text] }],
  verify: (text) => [{ argv: ['verify', text] }],
  map: (text) => [{ argv: ['map', text] }],
  watch: (text) => [
    { argv: ['watch', '81:00.0', '--interval', text] },
    { argv: ['watch', '--apply', '-f', `/${text}`], files: { [`/${text}`]: desired(text) } },
  ],
  doctor: (text) => [{ argv: ['doctor', text] }],
  gather: (text) => [{ argv: ['gather', '--to', text] }],
  hold: (text) => [
    { argv: ['hold', '81:00.0', '--vf-token', text] },
    { argv: ['hold', '81:00.0', '-f', `/${text}`], files: { [`/${text}`]: `${text} 0=1\n` } },
  ],
  batch: (text) => [
    { argv: ['batch'], stdin: `get 81:00.0 0\n${text}\nget '${text}'\n` },
    { argv: ['batch', '--keep-going'], stdin: `info '${text}'\n` },
    { argv: ['batch', '--serve'], stdin: `info ${text}\n'${text}\n` },
    { argv: ['batch', `/${text}`], files: { [`/${text}`]: `get ${text}\n` } },
  ],
  completion: (text) => [{ argv: ['completion', text] }],
  mock: (text) => [{ argv: ['mock', text] }],
  version: (text) => [{ argv: ['version', text] }, { argv: ['version', `--${text}`] }],
}

/** Runs a call in every form that goes to a terminal. */
async function expectHarmlessRun({ argv, ...options }: Call): Promise<void> {
  for (const format of FORMATS) {
    const words = [...argv, '-v', '-o', format]
    const { stdout, stderr } = await testHost().run(words, { ...options, terminal: true })
    expectHarmless(stdout, words.join(' '), argv[0] === 'watch')
    expectHarmless(stderr, words.join(' '))
  }
}

describe('what others wrote does not act on a terminal', () => {
  it('there is a call of every command', () => {
    expect(Object.keys(CALLS)).toEqual(Object.keys(commandTable))
  })

  it.each(Object.entries(CALLS))('as words, files and their names of %s', async (_, calls) => {
    for (const text of WORDS) for (const call of calls(text)) await expectHarmlessRun(call)
  })

  it('as the name of a command or option, and behind help', async () => {
    for (const text of WORDS) {
      for (const argv of [[text], [`--${text}`], ['help', text], ['-o', text, 'list']]) {
        await expectHarmlessRun({ argv })
      }
    }
  })

  it.each([
    'TPHCTL_BACKEND',
    'TPHCTL_FEATURE_INDEX',
    'TPHCTL_MOCK_HOST',
    'TPHCTL_MOCK_FAULTS',
    'TPHCTL_MOCK_STATE',
  ])('in %s', async (name) => {
    for (const text of WORDS) {
      await expectHarmlessRun({ argv: ['get', '81:00.0', '0'], env: { [name]: `/proc/${text}` } })
    }
  })

  it('in a dump of another host and its name', async () => {
    for (const text of WORDS) {
      const folder = temporaryDirectory()
      const name = join(folder, text.replaceAll('/', ''))
      writeFileSync(name, `81:00.0 ${text}\n00: 86 80 ${text}\n\n${text}\n00: 00\n`, 'latin1')
      const whole = join(folder, `whole ${text.replaceAll('/', '')}`)
      writeFileSync(whole, `81:00.0 ${text}\n00: 86 80\n10: 00\n${text}\n\n20: 00\n`)
      for (const file of [name, whole]) {
        for (const argv of [['list'], ['info', '81:00.0'], ['info', '81:00.0', '--hexdump']]) {
          await expectHarmlessRun({ argv: [...argv, '--mock-host', file] })
        }
      }
    }
  })

  it('in the state of the emulated host, its ledger and the text of a lock', async () => {
    for (const text of WORDS) {
      const host = testHost()
      writeFileSync(host.state, `${text}\n`)
      mkdirSync(`${host.state}.ledger/built-in`, { recursive: true, mode: 0o700 })
      writeFileSync(`${host.state}.ledger/built-in/0000:81:00.0.json`, `{"${text}`)
      writeFileSync(`${host.state}.ledger/built-in/${text.replaceAll('/', '')}.json`, '{}')
      for (const argv of ['get 81:00.0 0', 'undo', 'mock reset', 'set 81:00.0 0=1']) {
        for (const format of FORMATS) {
          const run = await host.run(`${argv} -o ${format}`, { terminal: true })
          expectHarmless(run.stdout + run.stderr, argv)
        }
      }
    }
  })
})

/** What is on a host that somebody else made, or whose processes and drivers name themselves. */
const HOSTS: Readonly<Record<string, (text: string) => ReturnType<typeof doctorHost>>> = {
  'the name of a process': (text) => {
    const fake = doctorHost()
    fake.file('/proc/812/comm', `${text}\n`)
    return fake
  },
  'the name of a driver': (text) => doctorHost({ driver: text.replaceAll('/', '') }),
  'the name of another driver in its group': (text) =>
    doctorHost({ mate: text.replaceAll('/', '') }),
  'the link of an open file': (text) => {
    const fake = doctorHost()
    fake.link('/proc/812/fd/30', `anon_inode:${text}`)
    fake.file('/proc/812/fdinfo/30', `vfio-device-syspath:\t/sys/${text}\n`)
    return fake
  },
  'files of sysfs and procfs': (text) => {
    const fake = doctorHost()
    fake.files('/proc/sys/kernel', { osrelease: text, arch: text })
    fake.file('/proc/sys/kernel/yama/ptrace_scope', text)
    fake.file('/proc/cmdline', `iommu=${text}`)
    fake.file('/proc/self/status', `CapEff:\t${text}\n`)
    fake.file(`/sys/kernel/btf/${text.replaceAll('/', '')}`, text)
    return fake
  },
  'the NUMA node of a device': (text) => {
    const fake = doctorHost()
    fake.file(`/sys/bus/pci/devices/${BDF}/numa_node`, text)
    return fake
  },
  'the CPUs near a device': (text) => {
    const fake = doctorHost()
    fake.file(`/sys/bus/pci/devices/${BDF}/local_cpulist`, text)
    return fake
  },
  'the ids of a device': (text) => {
    const fake = doctorHost()
    fake.file(`/sys/bus/pci/devices/${BDF}/vendor`, text)
    return fake
  },
  'the CPUs that are online': (text) => {
    const fake = doctorHost()
    fake.file('/sys/devices/system/cpu/online', text)
    return fake
  },
}

const LOOKS = [
  ...['list', `info ${BDF}`, `map ${BDF}`, `plan ${BDF}`, 'doctor', `doctor ${BDF}`, 'export'],
  ...['export --prometheus', `watch ${BDF}`, `get ${BDF} 0`, `probe ${BDF}`, `verify ${BDF}`],
  ...[`set ${BDF} 0=0 --pid 812 --fd 30`, `hold ${BDF}`, '__complete get '],
]

describe('what a host says of others does not act on a terminal', () => {
  it.each(Object.entries(HOSTS))('in %s', async (_, make) => {
    for (const name of NAMES.slice(0, 4)) {
      const fake = make(name)
      for (const look of LOOKS) {
        for (const format of FORMATS) {
          const completes = look.startsWith('__complete')
          const call = completes ? look : `${look} -o ${format} --root ${fake.folder}`
          const { stdout, stderr } = await runMain(call.split(' '), { terminal: true })
          expectHarmless(stdout, call, look.startsWith('watch'))
          expectHarmless(stderr, call)
        }
      }
    }
  })

  it('in what gather lists, here and in its MANIFEST', async () => {
    for (const name of NAMES) {
      const fake = HOSTS['the link of an open file']?.(name) ?? doctorHost()
      const folder = join(temporaryDirectory(), 'bundle')
      for (const format of FORMATS) {
        const call = `gather --root ${fake.folder} --dry-run -o ${format}`
        const { stdout, stderr } = await runMain(call, { terminal: true })
        expectHarmless(stdout + stderr, call)
      }
      await runMain(`gather --root ${fake.folder} --to ${folder}`)
      expectHarmless(readFileSync(join(folder, 'MANIFEST'), 'utf8'), 'MANIFEST')
      expectHarmless(readFileSync(join(folder, 'doctor.json'), 'utf8'), 'doctor.json')
    }
  })
})
