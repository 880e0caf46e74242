import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type TestShell, testShell } from '../helpers/run-program.ts'
import { writeBigHost } from './big-host.ts'

const FUNCTIONS = 4096
const MIB = 1024 * 1024

/** A shell with a host whose list is longer than any pipe holds. */
function bigShell(): TestShell {
  const shell = testShell()
  writeBigHost(`${shell.directory}/host`, FUNCTIONS)
  return shell
}

function expectWholeList(text: string): void {
  expect(text.length).toBeGreaterThan(MIB)
  expect(JSON.parse(text)).toHaveProperty('devices.length', FUNCTIONS)
}

describe('standard output', () => {
  it('is complete in a pipe', async () => {
    const { stdout, ...run } = await bigShell().sh('tphctl --mock-host host list --json | cat')
    expect(run).toEqual({ exitCode: 0, signal: null, stderr: '' })
    expectWholeList(stdout)
  })

  it('is complete for a reader that takes its time', async () => {
    const reader = `node -e '
      process.stdin.on("data", (chunk) => {
        process.stdin.pause()
        process.stdout.write(chunk)
        setTimeout(() => process.stdin.resume(), 1)
      })'`
    const run = await bigShell().sh(`tphctl --mock-host host list --json | ${reader}`)
    expect(run.stderr).toBe('')
    expectWholeList(run.stdout)
  })

  it('is complete in a pipe that is set non-blocking', async () => {
    const shared = `perl -e '
      use Fcntl;
      fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK);
      exec @ARGV'`
    const script = `${shared} tphctl --mock-host host list --json | { read -r line; echo "$line"; cat; }`
    const run = await bigShell().sh(script)
    expect(run.stderr).toBe('')
    expectWholeList(run.stdout)
  })

  it.each([
    'tphctl --mock-host host list --json | head -1',
    'tphctl list -o ndjson | head -1',
    'tphctl --mock-host host list | true',
  ])('closed early ends quietly: %s', async (pipeline) => {
    const script = `{ ${pipeline.replace(' | ', '; echo "exit $?" >&2; } | ')}`
    const run = await bigShell().sh(script)
    expect(run.stderr).toBe('exit 0\n')
  })

  it('of a full disk is an error that names it', async () => {
    const run = await testShell().sh('tphctl list >/dev/full')
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(run.stderr).toBe(
      'tphctl: Cannot write to standard output: ENOSPC, no space left on device\n',
    )
  })

  it('of a full disk does not hide what else failed', async () => {
    const env = { TPHCTL_MOCK_FAULTS: 'set=EIO' }
    const run = await testShell().sh('tphctl set 81:00.0 0=1 >/dev/full', { env })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('0000:81:00.0: Cannot set entry 0: EIO')
    expect(run.stderr).toContain('Cannot write to standard output: ENOSPC')
  })

  it('closed altogether does not crash', async () => {
    const run = await testShell().sh('tphctl list >&-')
    expect(run).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' })
  })
})

describe('standard error', () => {
  it.each(['2>/dev/full', '2>&-'])('that takes nothing does not stop a change (%s)', async (to) => {
    const shell = testShell()
    const run = await shell.sh(`tphctl -v set 81:00.0 0-1=8-9 4=10 ${to}; tphctl get 81:00.0 4`)
    expect(run.stdout.split('\n').slice(-2, -1)).toEqual(['4\t0x010a\t10\tvm'])
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('standard input', () => {
  it.each([
    ['closed', 'tphctl set 81:00.0 - <&-', 'Cannot set: standard input has no ENTRY'],
    ['empty', 'tphctl set 81:00.0 - </dev/null', 'Cannot set: standard input has no ENTRY'],
    ['only a comment', 'echo "# none" | tphctl set -', 'Cannot set: standard input has no ENTRY'],
    ['a folder', 'tphctl set - <.', 'Cannot read standard input: EISDIR'],
    ['not UTF-8', "printf '0=\\377' | tphctl set 81:00.0 -", 'it is not UTF-8 text'],
    ['NUL bytes', "printf '0=1\\0' | tphctl set 81:00.0 -", 'Cannot parse CPU list "1\\u0000"'],
  ])('that is %s is bad input', async (_, script, message) => {
    const shell = testShell()
    const run = await shell.sh(script)
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toContain(message)
    expect(run.stderr.trim().split('\n')).toHaveLength(1)
    expect(existsSync(`${shell.directory}/state`)).toBe(false)
  })

  it.each([
    ['on the command line', (entries: string) => ['set', '82:00.0', ...entries.split('\n')], ''],
    ['on standard input', () => ['set', '82:00.0', '-'], 'stdin'],
  ])('2048 ENTRYs %s are one SET', async (_, words, where) => {
    const entries = Array.from({ length: 2048 }, (_, i) => `${i}=${8 + (i % 8)}`).join('\n')
    const run = await testShell().tphctl(
      [...words(entries), '-v'],
      where === '' ? {} : { stdin: entries },
    )
    const sets = run.stderr
      .split('\n')
      .filter((line) => line.startsWith('ioctl VFIO_DEVICE_FEATURE SET'))
    expect(sets).toHaveLength(1)
    expect(sets[0]).toContain('index 0 count 2048 vm')
    expect(run).toMatchObject({ exitCode: 0 })
    expect(run.stdout).toMatch(/^0000:82:00\.0\tapplied\t0\t2048\tvm\t8-15,/)
  })
})
