import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestShell } from '../helpers/run-program.ts'

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly {
      readonly functionName: string
      readonly ranges: readonly { readonly count: number }[]
    }[]
  }[]
}

/**
 * The modules that a run of the built program executed, as V8 counted them: modules that the bundle loads lazily by their
 * paths in the project, others by the URL of their file.
 */
export async function loadedModules(shell: TestShell, argv: readonly string[]): Promise<string[]> {
  const folder = join(shell.directory, 'coverage')
  const run = await shell.tphctl(argv, { env: { NODE_V8_COVERAGE: folder } })
  if (run.exitCode !== 0) throw new Error(run.stderr)
  return readdirSync(folder).flatMap((file) => {
    const { result }: Coverage = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    const lazy = result
      .flatMap(({ functions }) => functions)
      .filter(
        ({ functionName, ranges }) =>
          /\.[cm]?[jt]s$/.test(functionName) && (ranges[0]?.count ?? 0) > 0,
      )
      .map(({ functionName }) => functionName)
    return [...result.map(({ url }) => url), ...lazy]
  })
}
