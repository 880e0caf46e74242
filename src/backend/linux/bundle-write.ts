import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { escapeUnseen, quote } from '../../args/quote.ts'
import { UsageError } from '../../errors.ts'
import { makeDirectory } from '../../make-directory.ts'
import { systemError } from '../../system-error.ts'
import type { BundleItem } from '../host-facts.ts'
import type { Bundle, BundleFile } from './bundle.ts'

/** The list of what a bundle holds; written last, so that a bundle without it is not whole. */
const MANIFEST = 'MANIFEST'

/**
 * Writes a bundle for this user alone.
 *
 * @param more texts beside it, by file name
 * @throws UsageError when the folder is not empty; TphctlError when it cannot be written
 */
export function writeBundle(
  directory: string,
  { files, folders }: Pick<Bundle, 'files' | 'folders'>,
  more: Readonly<Record<string, string>>,
): void {
  try {
    claim(directory)
    for (const folder of folders) makeFolder(join(directory, folder))
    for (const file of files) writeItem(directory, file)
    for (const [name, text] of Object.entries(more)) writeNew(join(directory, name), text)
    writeNew(join(directory, MANIFEST), files.map(manifestLine).join(''))
  } catch (error) {
    throw systemError(`write the bundle ${quote(directory)}`, error)
  }
}

/** Makes the folder, or takes one that is empty. */
function claim(directory: string): void {
  if (!existsSync(directory)) makeDirectory(directory)
  if (readdirSync(directory).length > 0) {
    const message = `Cannot write the bundle ${quote(directory)}: ENOTEMPTY, something is in that folder`
    const hint = 'name another folder with --to, or remove that one'
    throw new UsageError(message, { errno: 'ENOTEMPTY', hint })
  }
  chmodSync(directory, 0o700)
}

function writeItem(directory: string, { path, kind, detail, content }: BundleFile): void {
  if (kind === 'unreadable') return
  const place = join(directory, path)
  makeFolder(dirname(place))
  if (kind === 'link') symlinkSync(detail ?? '', place)
  else writeNew(place, content ?? '')
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

function writeNew(path: string, content: string | Uint8Array): void {
  writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
}

/** What it is, where it was, and behind it where a link leads or why something could not be read; separated by tabs, control characters escaped. */
function manifestLine({ path, kind, detail }: BundleItem): string {
  return `${[kind, path, ...(detail === null ? [] : [detail])].map(escapeUnseen).join('\t')}\n`
}
