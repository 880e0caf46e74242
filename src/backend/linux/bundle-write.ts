import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { escapeUnseen, quote } from '../../args/quote.ts'
import { UsageError } from '../../errors.ts'
import { makeDirectory } from '../../make-directory.ts'
import { whyNotOwn } from '../../private-directory.ts'
import { systemError } from '../../system-error.ts'
import type { BundleItem } from '../host-facts.ts'
import type { Bundle, BundleFile } from './bundle.ts'

/** The list of what a bundle holds; written last, so that a bundle without it is not whole. */
const MANIFEST = 'MANIFEST'
const HINT = 'name another folder with --to, or remove that one'

/**
 * Writes a bundle for this user alone.
 *
 * @param user this process's effective user id
 * @param more texts beside it, by file name
 * @throws UsageError when the folder is not empty, a link, or somebody else's; TphctlError when it cannot be written
 */
export function writeBundle(
  directory: string,
  user: number,
  { files, folders }: Pick<Bundle, 'files' | 'folders'>,
  more: Readonly<Record<string, string>>,
): void {
  try {
    claim(directory, user)
    for (const folder of folders) makeFolder(join(directory, folder))
    for (const file of files) writeItem(directory, file)
    for (const [name, text] of Object.entries(more)) writeNew(join(directory, name), text)
    writeNew(join(directory, MANIFEST), files.map(manifestLine).join(''))
  } catch (error) {
    throw systemError(`write the bundle ${quote(directory)}`, error)
  }
}

/**
 * Makes the folder, or takes an empty one of this user's. What is in it is looked at again when others cannot put anything into it
 * any more.
 */
function claim(directory: string, user: number): void {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) makeDirectory(directory)
  refuseFull(directory)
  const trouble = whyNotOwn(lstatSync(directory), user)
  if (trouble !== null) {
    const message = `Cannot write the bundle ${quote(directory)}: it ${trouble}`
    throw new UsageError(message, { hint: HINT })
  }
  chmodSync(directory, 0o700)
  refuseFull(directory)
}

function refuseFull(directory: string): void {
  if (readdirSync(directory).length === 0) return
  const message = `Cannot write the bundle ${quote(directory)}: ENOTEMPTY, something is in that folder`
  throw new UsageError(message, { errno: 'ENOTEMPTY', hint: HINT })
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
