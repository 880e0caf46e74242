import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Bundles a TypeScript file of the project, by its path from the top, into one that Node runs as it is.
 *
 * @returns the path of the bundle, in `directory`
 */
export function bundle(entry: string, directory: string): string {
  const outfile = join(directory, 'bundle.cjs')
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['koffi'],
    define: { 'import.meta.url': '__filename' },
    outfile,
    logLevel: 'error',
  })
  return outfile
}
