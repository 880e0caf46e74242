import { posix } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import type { NodeState } from '../../../src/backend/host-facts.ts'
import { GONE, Root } from '../../../src/backend/linux/root.ts'
import { PermissionError } from '../../../src/errors.ts'
import { hostError } from '../../../src/system-error.ts'

/** A file, the text of a link, a folder, or something that cannot be read and why. */
export type Item =
  | { readonly kind: 'file'; readonly content: Uint8Array }
  | { readonly kind: 'link'; readonly text: string }
  | { readonly kind: 'folder' }
  | { readonly kind: 'error'; readonly code: string }

const MOST_LINKS = 40
/** Characters of a path, and of the text of a link: PATH_MAX of linux/limits.h without its NUL. */
const LONGEST_PATH = 4095
const ERRNOS = new Map(Array.from(getSystemErrorMap(), ([errno, [code]]) => [code, errno]))

/** A host in memory, which answers as `Root` does on a disk. */
export class MemoryRoot extends Root {
  readonly #items = new Map<string, Item>([['/', { kind: 'folder' }]])
  readonly #names = new Map<string, Set<string>>()

  constructor(items: Iterable<readonly [path: string, item: Item]>) {
    super('/nowhere')
    for (const [path, item] of items) if (!this.#items.has(path)) this.#add(path, item)
  }

  override get isRunningHost(): boolean {
    return false
  }

  override text(path: string): string | null {
    const bytes = this.bytes(path)
    return bytes === null ? null : Buffer.from(bytes).toString('utf8').replace(/\n$/, '')
  }

  override bytes(path: string): Uint8Array | null {
    return ifThere(path, () => {
      const item = this.#at(path)
      if (item.kind !== 'file') throw failed('EISDIR')
      return item.content
    })
  }

  override names(path: string): string[] {
    const names = ifThere(path, () => {
      const place = this.#settle(path)
      if (this.#itemAt(place).kind !== 'folder') throw failed('ENOTDIR')
      return [...(this.#names.get(place) ?? [])]
    })
    return names ?? []
  }

  override link(path: string): string | null {
    return ifThere(path, () => {
      const place = posix.join(this.#settle(posix.dirname(path)), posix.basename(path))
      const item = this.#itemAt(place)
      if (item.kind !== 'link') throw failed('EINVAL')
      return item.text
    })
  }

  override realPath(path: string): string | null {
    return ifThere(path, () => {
      this.#at(path)
      return this.#settle(path)
    })
  }

  override node(path: string): NodeState {
    try {
      return ifThere(path, () => this.#at(path)) === null ? 'missing' : 'usable'
    } catch (error) {
      if (error instanceof PermissionError) return 'forbidden'
      throw error
    }
  }

  #add(path: string, item: Item): void {
    this.#items.set(path, item)
    for (let at = path; at !== '/'; at = posix.dirname(at)) {
      const folder = posix.dirname(at)
      const names = this.#names.get(folder) ?? new Set()
      if (names.has(posix.basename(at))) break
      this.#names.set(folder, names.add(posix.basename(at)))
      if (!this.#items.has(folder)) this.#items.set(folder, { kind: 'folder' })
    }
  }

  #at(path: string): Item {
    return this.#itemAt(this.#settle(path))
  }

  #itemAt(place: string): Item {
    const item = this.#items.get(place)
    if (item === undefined) throw failed('ENOENT')
    if (item.kind === 'error') throw failed(item.code)
    return item
  }

  /** Where a path leads: no longer than Linux takes it, over what is there, with no more links on the way than Linux follows. */
  #settle(path: string): string {
    if (path.length > LONGEST_PATH) throw failed('ENAMETOOLONG')
    let left = MOST_LINKS
    const ahead = path.split('/').reverse()
    let at = '/'
    for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
      const next = posix.join(at, part)
      const item = this.#items.get(next)
      if (item === undefined) throw failed('ENOENT')
      if (item.kind === 'link') {
        if (left-- === 0) throw failed('ELOOP')
        ahead.push(...item.text.split('/').reverse())
        if (item.text.startsWith('/')) at = '/'
      } else at = next
    }
    return at
  }
}

function ifThere<T>(path: string, read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (GONE.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw hostError(`read ${path}`, error)
  }
}

function failed(code: string): Error {
  return Object.assign(new Error(code), { code, errno: ERRNOS.get(code) ?? -5 })
}

const [RECORD, FIELD] = ['\x1e', '\x1f']
const KINDS = ['f', 'l', 'd', 'e'] as const
const CODES: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EIO', 'EINVAL', 'ENODEV'])

/** Items as the bytes of an input: records of path, a letter and content; what a file holds in hex begins with a percent sign. */
export function treeText(items: Readonly<Record<string, string>>): string {
  return Object.entries(items)
    .map(([path, content]) => `${path}${FIELD}${content}`)
    .join(RECORD)
}

/** The items in an input. */
export function treeOf(input: Uint8Array): [path: string, item: Item][] {
  const text = Buffer.from(input.buffer, input.byteOffset, input.length).toString('utf8')
  return text.split(RECORD).flatMap((record): [string, Item][] => {
    const [path = '', content = ''] = record.split(FIELD)
    const place = posix.join('/', path)
    if (place === '/' || place.endsWith('/') || /\0/.test(place) || place.length > 500) return []
    return [[place, itemOf(content)]]
  })
}

function itemOf(content: string): Item {
  const rest = content.slice(1)
  switch (KINDS.find((kind) => content.startsWith(kind))) {
    case 'l':
      return rest === '' || rest.length > LONGEST_PATH || /\0/.test(rest)
        ? { kind: 'folder' }
        : { kind: 'link', text: rest }
    case 'd':
      return { kind: 'folder' }
    case 'e':
      return { kind: 'error', code: CODES.has(rest) ? rest : 'EACCES' }
    default: {
      const isHex = rest.startsWith('%')
      return {
        kind: 'file',
        content: isHex ? Buffer.from(rest.slice(1), 'hex') : Buffer.from(rest),
      }
    }
  }
}
