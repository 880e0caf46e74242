import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { cutBehind } from '../../src/pieces.ts'
import { BDF, doctorHost } from '../doctor/doctor-host.ts'
import { expectFailure } from '../helpers/expect-failure.ts'
import { runMain, runOnce, testHost } from '../helpers/run-main.ts'
import { testShell } from '../helpers/run-program.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

describe('desired state', () => {
  const apply = (stdin: string) => runOnce('apply -', { stdin })

  it('with aliases that double ten times over is refused before any is followed', async () => {
    const levels = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)
    const { exitCode, stderr } = await apply(`a0: &a0 x\n${levels.join('\n')}\n`)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Cannot use alias')
  })

  it.each([
    ['lists', '['.repeat(20_000)],
    ['lists that end', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['mappings', '{a: '.repeat(20_000)],
    ['json', '{"a":'.repeat(20_000)],
  ])('nested too deep (%s) is refused, and no bug', async (_, text) => {
    const { exitCode, stderr } = await apply(text)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^tphctl: stdin:\d+:\d+: Cannot parse YAML: /)
  })
})

describe('the built program', () => {
  it.each([
    [
      'apply /dev/zero',
      '/dev/zero',
      /^tphctl: Cannot read "\/dev\/zero": it is longer than 64 MiB$/m,
    ],
    ['hold 81:00.0 -f /dev/zero', '/dev/zero', /it is longer than 64 MiB$/m],
    ['batch /dev/zero', '/dev/zero', /it is longer than 64 MiB$/m],
    ['apply -', '/dev/zero', /^tphctl: Cannot read standard input: it is longer than 64 MiB$/m],
    [
      'set 81:00.0 -',
      '/dev/zero',
      /^tphctl: Cannot read the input: a word or line is longer than 4 MiB$/m,
    ],
    ['list --mock-host /dev/zero', '/dev/null', /a word or line is longer than 4 MiB$/m],
  ])('ends at "%s" from a file without end', async (call, stdin, said) => {
    const shell = testShell()
    const run = await shell.sh(`exec tphctl ${call} <${stdin}`)
    expect([run.exitCode, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toMatch(said)
  })
})

it('what is between separators has a bound, however it is cut', () => {
  const endless = (length: number) =>
    (function* () {
      for (;;) yield new Uint8Array(length)
    })()
  for (const length of [1000, 65_536]) {
    expect(() => [...cutBehind((byte) => byte === 10, endless(length))]).toThrow(
      /longer than 4 MiB$/,
    )
  }
})

it('a state of the emulated host that is huge is refused', async () => {
  const host = testHost()
  execFileSync('truncate', ['-s', '10G', host.state])
  const { message } = expectFailure(await host.run('get 81:00.0 0'), 'usage')
  expect(message).toMatch(/: it is longer than 256 MiB$/)
})

describe('a copied host (--root) that somebody made', () => {
  const secret = () => {
    const path = join(temporaryDirectory(), 'secret')
    writeFileSync(path, 'secret words')
    return path
  }

  it.each(['absolute', 'relative'])(
    'with an %s link that leads out of it is not followed',
    async (kind) => {
      const target = secret()
      const fake = doctorHost()
      const link = kind === 'absolute' ? target : `${'../'.repeat(30)}${target}`
      for (const file of ['numa_node', 'local_cpulist', 'vendor']) {
        const copy = doctorHost()
        copy.link(`/sys/devices/pci0000:80/0000:80:01.0/${BDF}/${file}`, link)
        const run = await runMain(`info ${BDF} --root ${copy.folder}`)
        expect(run.exitCode, file).not.toBe(0)
        expect(run.stdout + run.stderr).not.toContain('secret')
        expect(run.stderr).toContain('EXDEV')
      }
      fake.link('/proc/sys/kernel/osrelease', link)
      const { stdout } = await runMain(`doctor --json --root ${fake.folder}`)
      expect(stdout).not.toContain('secret')
    },
  )

  it('with a folder that leads out of it is not looked into', async () => {
    const fake = doctorHost()
    const folder = temporaryDirectory()
    mkdirSync(join(folder, '0000:99:00.0'))
    execFileSync('rm', ['-r', join(fake.folder, 'sys/bus/pci/devices')])
    symlinkSync(folder, join(fake.folder, 'sys/bus/pci/devices'))
    const run = await runMain(`list --root ${fake.folder}`)
    expect(run.exitCode).not.toBe(0)
    expect(run.stdout + run.stderr).not.toContain('0000:99')
  })

  it('with pipes and huge files is not waited for', async () => {
    const fake = doctorHost()
    const paths = [
      'proc/sys/kernel/osrelease',
      'proc/812/comm',
      'sys/kernel/btf/vmlinux',
      'proc/cmdline',
    ]
    for (const path of paths) execFileSync('rm', ['-f', join(fake.folder, path)])
    for (const path of paths) execFileSync('mkfifo', [join(fake.folder, path)])
    execFileSync('truncate', ['-s', '10G', join(fake.folder, 'boot/config-7.3.4')])
    for (const call of [`doctor ${BDF}`, 'list', `info ${BDF}`, 'doctor']) {
      const { exitCode } = await runMain(`${call} --root ${fake.folder}`)
      expect(exitCode, call).not.toBe(8)
    }
  })

  it('with a configuration that unpacks to something huge is not unpacked to its end', async () => {
    const fake = doctorHost()
    fake.file('/proc/config.gz', gzipSync(Buffer.alloc(64 * 1024 * 1024)))
    const { exitCode, stdout } = await runMain(`doctor --json --root ${fake.folder}`)
    expect(exitCode).not.toBe(8)
    expect(stdout).toContain('kernel-config')
  })
})
