import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'

/** How a run of `tphctl` differs from one by root with nothing on its standard input. */
export interface RunOptions {
  readonly stdin?: string
  /** User and group id. */
  readonly user?: number
  /** As nobody, with exactly these capabilities, as setpriv(1) names them. */
  readonly capabilities?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** An fd of this process that it inherits as fd 3. */
  readonly fd?: number
}

/** What a run of `tphctl` came to. */
export interface Run {
  /** Null when a signal ended it. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What `-o json` says on stderr when a command fails. */
export interface Failure {
  readonly code: string
  readonly exitCode: number
  readonly message: string
  readonly hint: string | null
  readonly device: string | null
  readonly errno: string | null
}

/** The environment of a program that is no test of its own. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return env
}

/** What starts `tphctl` with the rights that are told. @param line its words, separated by blanks */
export function commandOf(line: string, { capabilities }: RunOptions): [string, string[]] {
  const words = line.split(' ')
  if (capabilities === undefined) return ['tphctl', words]
  const exactly = ['-all', ...capabilities.map((name) => `+${name}`)].join(',')
  const sets = ['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=${exactly}`)
  const user = ['--reuid=65534', '--regid=65534', '--clear-groups']
  return ['setpriv', [...user, ...sets, '--', 'tphctl', ...words]]
}

/** What a child writes, as far as it has come. */
export function outputOf(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  return output
}

/** Runs `tphctl` to its end. @param line its words, separated by blanks */
export function tphctl(line: string, options: RunOptions = {}): Promise<Run> {
  const { stdin = '', user = 0, env = {}, fd } = options
  return new Promise((resolve, reject) => {
    const [program, words] = commandOf(line, options)
    const child = spawn(program, words, {
      env: { ...plainEnvironment(), ...env },
      uid: user,
      gid: user,
      stdio: ['pipe', 'pipe', 'pipe', fd ?? 'ignore'],
    })
    const run = outputOf(child)
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, ...run }))
    // A program that does not read its standard input leaves a broken pipe.
    child.stdin?.on('error', () => {})
    child.stdin?.end(stdin)
  })
}

/** Runs it and asserts that it succeeds. */
export async function succeed(line: string, options?: RunOptions): Promise<Run> {
  const run = await tphctl(line, options)
  assert.equal(run.status, 0, `tphctl ${line}: exit code ${run.status}\n${run.stdout}${run.stderr}`)
  return run
}

/** The lines of standard output, which is all there may be. */
export async function lines(line: string, options?: RunOptions): Promise<string[]> {
  const { stdout, stderr } = await succeed(line, options)
  assert.equal(stderr, '', `tphctl ${line}`)
  return stdout.split('\n').filter((text) => text !== '')
}

/** The json that a command answers. The type is the caller's word. */
export async function answer<T>(line: string, options?: RunOptions): Promise<T> {
  const { stdout } = await succeed(`${line} -o json`, options)
  const value: { backend?: string } & T = JSON.parse(stdout)
  assert.equal(value.backend, 'linux')
  return value
}

/** Runs it and asserts its exit code and that stderr says the same as json. @returns what it says there */
export async function fail(
  exitCode: number,
  line: string,
  options?: RunOptions,
): Promise<Failure & Pick<Run, 'stdout'>> {
  const { status, stdout, stderr } = await tphctl(`${line} -o json`, options)
  assert.equal(status, exitCode, `tphctl ${line}: exit code ${status}\n${stdout}${stderr}`)
  const last = stderr.trimEnd().split('\n').at(-1) ?? ''
  const { error }: { error?: Failure } = JSON.parse(last)
  assert.ok(error, `tphctl ${line}: ${stderr}`)
  assert.equal(error.exitCode, exitCode)
  return { ...error, stdout }
}
