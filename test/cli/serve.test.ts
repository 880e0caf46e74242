import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PROGRAM, testShell } from '../helpers/run-program.ts'
import { expectValid } from '../helpers/schemas.ts'

/** `tphctl batch --serve` as a process, with its pipes. */
function server(...options: readonly string[]) {
  const { env, directory } = testShell()
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    [PROGRAM, '-q', 'batch', '--serve', ...options],
    { env, cwd: directory },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stderr.resume()
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  return {
    child,
    next,
    ended: once(child, 'close'),
    /** Writes a line and reads up to its status. */
    async ask(line: string): Promise<string[]> {
      child.stdin.write(`${line}\n`)
      const answer: string[] = []
      do answer.push(await next())
      while (!/^\.(ok|error) /.test(answer.at(-1) ?? ''))
      return answer
    },
  }
}

describe('batch --serve', () => {
  it('answers each line before the next one is written, and goes on after errors', async () => {
    const { ask, child, ended } = server()
    expect(await ask('set 81:00.0 0-1=4-5')).toEqual([
      '0000:81:00.0\tapplied\t0\t2\tvm\t4-5\t-',
      '.ok 0',
    ])
    expect(await ask('get 84:00.0 0')).toEqual([
      '.error 3 0000:84:00.0: Cannot use steering tags: the device has no TPH Requester capability',
    ])
    expect(await ask('frobnicate')).toEqual([
      ".error 2 Cannot parse the command line: unknown command 'frobnicate'",
    ])
    expect(await ask('')).toEqual(['.ok 0'])
    expect(await ask('# nothing')).toEqual(['.ok 0'])
    expect(await ask('get 81:00.0 0-1\r')).toEqual([
      '0\t0x0104\t4\tvm',
      '1\t0x0105\t5\tvm',
      '.ok 0',
    ])
    child.stdin.end('get 81:00.0 1')
    expect(await ended).toEqual([0, null])
  })

  it.each(['exit', 'quit', ' quit '])(
    '%j ends it, answered, though more could come',
    async (word) => {
      const { ask, ended } = server()
      expect(await ask(word)).toEqual(['.ok 0'])
      expect(await ended).toEqual([0, null])
    },
  )

  it.each(['json', 'ndjson'])('answers in one line of %s', async (format) => {
    const { child, next, ended } = server('-o', format)
    child.stdin.write('get 81:00.0 0-63\n')
    expect(JSON.parse(await next())).toMatchObject({ line: 1, command: 'get', exitCode: 0 })
    child.stdin.write('\nfrob\nget 84:00.0 0\n')
    const rest = [JSON.parse(await next()), JSON.parse(await next()), JSON.parse(await next())]
    expect(rest.map(({ exitCode }) => exitCode)).toEqual([0, 2, 3])
    for (const answer of rest) expectValid('batch-line', { schemaVersion: 1, ...answer })
    child.stdin.end()
    expect(await ended).toEqual([0, null])
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it while it waits', async (signal) => {
    const { ask, child, ended } = server()
    await ask('set 81:00.0 0=1')
    child.kill(signal)
    expect(await ended).toEqual([null, signal])
  })

  it('a shell sees 128 + n', async () => {
    const script =
      'mkfifo in; tphctl batch --serve <in >out & exec 3>in; echo list >&3; until grep -q ok out; do :; done; kill -TERM $!; wait $!; echo $?'
    expect((await testShell().sh(script)).stdout).toBe('143\n')
  })

  it('leaves a pipe that is set non-blocking alone until something comes', async () => {
    const reader = `perl -e '
      use Fcntl;
      fcntl(STDIN, F_SETFL, fcntl(STDIN, F_GETFL, 0) | O_NONBLOCK);
      exec @ARGV' tphctl batch --serve`
    const run = await testShell().sh(
      `{ echo get 81:00.0 0; sleep 0.2; echo get 81:00.0 1; } | ${reader}`,
    )
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: '0\t0x0000\t-\t-\n.ok 0\n1\t0x0000\t-\t-\n.ok 0\n',
    })
  })

  it.each([
    ['tphctl batch --serve steps', 'Cannot serve a file'],
    ["printf 'list\\n\\377\\n' | tphctl batch --serve", 'it is not UTF-8 text'],
    ['tphctl batch --serve <.', 'Cannot read standard input: EISDIR'],
    ['tphctl batch none', 'Cannot read "none": ENOENT'],
    ['tphctl batch .', 'Cannot read ".": EISDIR'],
  ])('%s is bad input', async (script, why) => {
    const run = await testShell().sh(script)
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain(why)
  })

  it('works as a coproc of bash as README.md shows', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const recipe = /^```bash\n(.*?coproc.*?)^```$/ms.exec(readme)?.[1] ?? ''
    const shell = testShell()
    writeFileSync(join(shell.directory, 'recipe'), recipe)
    const run = await shell.sh('bash -eu recipe')
    expect(run.stdout).toBe(
      '0000:81:00.0\tapplied\t0\t2\tvm\t2-3\t-\nentry 0 has tag 0x0102\nexit code 3\n',
    )
    expect(run.exitCode).toBe(0)
  })
})

describe('batch in a pipeline', () => {
  it('runs to its end when the reader goes away', async () => {
    const script = `{ { for i in 0 1 2 3; do echo "set 81:00.0 $i=$i"; done | tphctl batch; echo "exit $?" >&2; } | true; }; tphctl get 81:00.0 3`
    expect(await testShell().sh(script)).toMatchObject({
      stdout: '3\t0x0103\t3\tvm\n',
      stderr: 'exit 0\n',
    })
  })

  it('a full disk stops it at the line that could not be shown', async () => {
    const run = await testShell().sh(
      'printf "set 81:00.0 0=1\\nset 81:00.0 1=1\\n" | tphctl batch >/dev/full; tphctl get 81:00.0 0-1',
    )
    expect(run.stdout).toBe('0\t0x0101\t1\tvm\n1\t0x0000\t-\t-\n')
    expect(run.stderr).toContain('tphctl: stdin:1: Cannot write to standard output: ENOSPC')
    expect(run.stderr).toContain('0 done, 1 failed, 1 not run')
  })
})
