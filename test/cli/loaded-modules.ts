import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROGRAM, type TestShell } from '../helpers/run-program.ts'

const HOOK = fileURLToPath(new URL('loaded-modules-hook.cjs', import.meta.url))

/** What a run of the built program loaded. */
export interface Loaded {
  /** Parts of the program, by name, in order. */
  readonly parts: readonly string[]
  /** Other files, each time they were read. */
  readonly files: readonly string[]
  /** Modules of Node.js that an empty script does not load. */
  readonly builtins: readonly string[]
}

/** Runs the program and says what it loaded. @param env more of the environment @throws Error when it fails */
export async function loadedModules(
  shell: TestShell,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Loaded> {
  const out = join(shell.directory, 'loaded')
  const words = [process.execPath, '--require', HOOK, PROGRAM, ...argv]
  const run = await shell.sh('"$@"', { env: { ...env, LOADED: out } }, words)
  if (run.exitCode !== 0) throw new Error(run.stderr)
  const { files, modules }: { files: string[]; modules: string[] } = JSON.parse(
    readFileSync(out, 'utf8'),
  )
  const part = (file: string) => /\/dist\/program\/(.*)\.cjs$/.exec(file)?.[1]
  return {
    parts: files.flatMap((file) => part(file) ?? []),
    files: files.filter((file) => part(file) === undefined),
    builtins: modules,
  }
}
