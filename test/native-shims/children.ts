import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, buildSync } from 'esbuild'
import { onTestFinished } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'

/** The project's folder. */
export const project = fileURLToPath(new URL('../..', import.meta.url))

/** How the program is bundled, as far as native-shims minds. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['koffi', 'ffi-napi', 'ref-napi'],
  define: { 'import.meta.url': '__filename' },
  logLevel: 'silent',
} satisfies BuildOptions

/** A directory that finds the project's packages and that every user can read. */
export function packageDirectory(): string {
  const directory = temporaryDirectory()
  chmodSync(directory, 0o755)
  symlinkSync(join(project, 'node_modules'), join(directory, 'node_modules'))
  return directory
}

/** Bundles child.ts for the test that runs. @returns its path */
export function buildChild(): string {
  const program = join(packageDirectory(), 'child.cjs')
  const source = join(project, 'test/native-shims/child.ts')
  buildSync({ ...bundleOptions, entryPoints: [source], outfile: program })
  return program
}

/** Starts a process that is killed when the test is over, if it lives. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The next piece of a child's output: all of a line, as our children write. */
export function nextOutput(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (data) => resolve(String(data)))
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`child ended with ${code}, nothing written`)))
  })
}
