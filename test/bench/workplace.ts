import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { programConfig } from '../../rolldown.config.ts'

/** The project. */
export const PROJECT = findProject(dirname(fileURLToPath(import.meta.url)))

/** Where the benchmark builds and writes. */
export const PLACE = join(PROJECT, 'dist', 'bench')

/** A script that does nothing: what Node.js itself takes. */
export const EMPTY = join(PLACE, 'empty.cjs')

/** Where compiled code is kept during the benchmark. */
export const CODE_CACHE = join(PLACE, 'code-cache')

function findProject(folder: string): string {
  return existsSync(join(folder, 'rolldown.config.ts')) ? folder : findProject(dirname(folder))
}

/** Makes the place, without what an earlier run kept of compiled code. */
export function preparePlace(): void {
  mkdirSync(join(PLACE, 'c'), { recursive: true })
  rmSync(CODE_CACHE, { recursive: true, force: true })
  writeFileSync(EMPTY, '')
}

/** How a program differs from the one that is shipped. */
export interface Variant {
  readonly entry?: string
  readonly isWhole?: boolean
  readonly isPlain?: boolean
  readonly banner?: string
}

/** Builds a program in a folder of its own. @returns its launcher */
export async function buildVariant(
  name: string,
  { entry = 'src/process.ts', ...options }: Variant = {},
): Promise<string> {
  const folder = join(PLACE, 'variants', name)
  const config = programConfig({
    input: join(PROJECT, entry),
    dir: join(folder, 'dist', 'program'),
    ...options,
  })
  const { output, ...input } = config
  const build = await rolldown(input)
  await build.write(output)
  await build.close()
  cpSync(join(PROJECT, 'bin'), join(folder, 'bin'), { recursive: true })
  return join(folder, 'bin', 'tphctl.js')
}

/** Bundles a script of the benchmark. @returns its path */
export async function buildScript(entry: string): Promise<string> {
  const file = join(PLACE, entry.replace(/^.*\//, '').replace(/ts$/, 'cjs'))
  const build = await rolldown({
    input: join(PROJECT, entry),
    platform: 'node',
    logLevel: 'warn',
    transform: { define: { 'import.meta.url': '__filename' } },
  })
  await build.write({ file, format: 'cjs', codeSplitting: false })
  await build.close()
  return file
}

/** Compiles a C program. @returns its path, or null without a compiler */
export function compile(source: string): string | null {
  if (!isThere('cc')) return null
  const program = join(PLACE, 'c', source.replace(/^.*\//, '').replace(/\.c$/, ''))
  execFileSync('cc', ['-O2', '-Wall', '-Wextra', '-o', program, join(PROJECT, source)])
  return program
}

/** Whether a program can be started. */
export function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1" >/dev/null', 'sh', program]).status === 0
}
