import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A source file and what it imports, types and lazily loaded modules included. */
export interface Source {
  /** Path without extension, relative to the top: `src/tph/host`. */
  readonly name: string
  readonly text: string
  /** Names of files as above, or of packages as they are written. */
  readonly imports: readonly string[]
}

/** Every source file of the program. */
export function readSources(): Source[] {
  return ['src', 'native-shims'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readSource(join(folder, file))),
  )
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const { importedFiles } = ts.preProcessFile(text, true, true)
  return {
    name: withoutExtension(path),
    text,
    imports: importedFiles.map(({ fileName }) =>
      fileName.startsWith('.')
        ? withoutExtension(normalize(join(dirname(path), fileName)))
        : fileName,
    ),
  }
}

function withoutExtension(path: string): string {
  return path.replace(/\.ts$/, '')
}

/** The files of an import cycle, the first again at the end; null when there is none. */
export function findCycle(sources: readonly Source[]): string[] | null {
  const byName = new Map(sources.map((source) => [source.name, source]))
  const done = new Set<string>()
  const visit = (name: string, above: readonly string[]): string[] | null => {
    if (above.includes(name)) return [...above.slice(above.indexOf(name)), name]
    if (done.has(name)) return null
    for (const next of byName.get(name)?.imports ?? []) {
      const cycle = visit(next, [...above, name])
      if (cycle !== null) return cycle
    }
    done.add(name)
    return null
  }
  for (const { name } of sources) {
    const cycle = visit(name, [])
    if (cycle !== null) return cycle
  }
  return null
}
