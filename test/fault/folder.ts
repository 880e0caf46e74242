import { tmpdir } from 'node:os'
import { join } from 'node:path'

const fs = process.getBuiltinModule('node:fs')

type Kept = { readonly mode: number } & (
  | { readonly kind: 'folder'; readonly inside: ReadonlyMap<string, Kept> }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'link'; readonly text: string }
)

/** A place for files that is memory where there is one: nothing of these tests is about disks. */
export function inMemory(): string {
  return fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

/** Keeps what is below a folder. @returns what puts it back */
export function keepFolder(path: string): () => void {
  const kept = keep(path)
  return () => {
    fs.rmSync(path, { recursive: true, force: true })
    write(path, kept)
  }
}

function keep(path: string): Kept {
  const stat = fs.lstatSync(path)
  const mode = stat.mode & 0o777
  if (stat.isSymbolicLink()) return { mode, kind: 'link', text: fs.readlinkSync(path) }
  if (!stat.isDirectory()) return { mode, kind: 'file', bytes: fs.readFileSync(path) }
  const names = fs.readdirSync(path)
  return {
    mode,
    kind: 'folder',
    inside: new Map(names.map((name) => [name, keep(join(path, name))])),
  }
}

function write(path: string, kept: Kept): void {
  if (kept.kind === 'link') fs.symlinkSync(kept.text, path)
  else if (kept.kind === 'file') fs.writeFileSync(path, kept.bytes, { mode: kept.mode })
  else {
    fs.mkdirSync(path, { mode: kept.mode })
    for (const [name, one] of kept.inside) write(join(path, name), one)
  }
}
