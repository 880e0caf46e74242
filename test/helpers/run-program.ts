import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CODE_CACHE } from './code-cache.ts'
import { temporaryDirectory } from './temporary.ts'

/** The launcher of the built program. */
export const PROGRAM = fileURLToPath(new URL('../../bin/tphctl.js', import.meta.url))

/** What a process came to. */
export interface ProcessRun {
  /** The exit code; null when a signal ended it. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** What a process may be given beside its words. */
export interface ProcessOptions {
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** A shell in which `tphctl` is the built program on an emulated host of its own. */
export interface TestShell {
  /** Its working directory, for files of the test. */
  readonly directory: string
  /** The environment of what runs in it. */
  readonly env: NodeJS.ProcessEnv
  /** Runs a script of sh. @param words its `$@` */
  sh(script: string, options?: ProcessOptions, words?: readonly string[]): Promise<ProcessRun>
  /** Runs tphctl alone. */
  tphctl(argv: readonly string[], options?: ProcessOptions): Promise<ProcessRun>
}

/** A shell for the test that runs. */
export function testShell(): TestShell {
  const directory = temporaryDirectory()
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  symlinkSync(PROGRAM, join(bin, 'tphctl'))
  const env = {
    PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH']}`,
    TPHCTL_BACKEND: 'mock',
    TPHCTL_MOCK_STATE: join(directory, 'state'),
    TPHCTL_CODE_CACHE: CODE_CACHE,
  }
  const run = (command: string, argv: readonly string[], options: ProcessOptions = {}) =>
    runProcess(command, argv, { ...options, env: { ...env, ...options.env } }, directory)
  return {
    directory,
    env,
    sh: (script, options, words = []) => run('sh', ['-c', script, 'sh', ...words], options),
    tphctl: (argv, options) => run(process.execPath, [PROGRAM, ...argv], options),
  }
}

function runProcess(
  command: string,
  argv: readonly string[],
  { stdin = '', env }: ProcessOptions,
  cwd: string,
): Promise<ProcessRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { cwd, env })
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stdout: textOf(stdout), stderr: textOf(stderr) })
    })
    // A program that does not read its standard input leaves a broken pipe.
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
  })
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
