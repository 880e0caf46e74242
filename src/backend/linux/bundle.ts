import { lstatSync, readlinkSync } from 'node:fs'
import { posix } from 'node:path'
import { TphctlError } from '../../errors.ts'
import { hostError } from '../../system-error.ts'
import type { BundleItem } from '../host-facts.ts'
import { SIBLING, structInBtf } from './btf.ts'
import { reduce } from './bundle-reduce.ts'
import { isVfio } from './owner-match.ts'
import { HIDDEN_MARK, scanProcesses } from './owner-scan.ts'
import type { ReadKind } from './recording-root.ts'
import { GONE, Root } from './root.ts'

/** Folders whose names say something by themselves. */
const NAMES_COUNT =
  /^\/(?:dev\/vfio(?:\/devices)?|sys\/kernel\/iommu_groups(?:\/\d+\/devices)?|sys\/.*\/(?:msi_irqs|vfio-dev))$/
const BTF = '/sys/kernel/btf'
/** Open files of other users' processes: that they cannot be seen is told by HIDDEN_MARK. */
const OPEN_FILES = /^\/proc\/\d+\/(?:fd|fdinfo)\b/
const NO_RIGHT: ReadonlySet<string> = new Set(['EACCES', 'EPERM'])
const PROCESS_FD = /^\/proc\/[^/]+\/fd\/\d+$/
/** How many links Linux follows on the way of one path. */
const MOST_LINKS = 40

/** An item with what it holds. */
export interface BundleFile extends BundleItem {
  /** Null for links and for what could not be read. */
  readonly content: Uint8Array | null
}

/** Collects copies of what was read of a host. */
export class Bundle {
  readonly #root: Root
  readonly #files = new Map<string, BundleFile>()
  readonly #folders = new Set<string>()
  readonly #takers: Readonly<Record<ReadKind, (path: string) => void>> = {
    content: (path) => this.#content(path),
    names: (path) => this.#names(path),
    link: (path) => this.#link(path),
    place: (path) => this.#folder(this.#settle(path)),
    node: (path) => this.#node(path),
  }

  /** @param folder where the host lies, `/` for the running one */
  constructor(folder: string) {
    this.#root = new Root(folder)
  }

  /** By path. */
  get files(): readonly BundleFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  /** Folders that were looked at, whether anything of them was taken or not. */
  get folders(): ReadonlySet<string> {
    return this.#folders
  }

  /** Takes what was read. */
  take(reads: ReadonlyMap<string, ReadonlySet<ReadKind>>): void {
    for (const [path, kinds] of reads) {
      if (path.startsWith(BTF)) continue
      for (const kind of kinds) this.#takeSafely(path, kind)
    }
    if (reads.has('/proc')) this.#takeVisibility()
  }

  /** Whether all processes could be seen, which is told by the first one and by a mark. */
  #takeVisibility(): void {
    const { hidden } = scanProcesses(this.#root, null)
    if (hidden) this.#name(`/proc/${HIDDEN_MARK}`)
    else this.#folder('/proc/1')
  }

  /** What of the host's type information counts, which is megabytes. */
  takeTypes(struct: string): void {
    const found = structInBtf(this.#root, struct)
    if (found === 'unknown') return
    const name = found === 'present' ? struct : SIBLING
    this.#add(`${BTF}/vmlinux`, 'reduced', Buffer.from(`\0${name}\0`))
  }

  /** Processes end meanwhile, and some files may not be read. */
  #takeSafely(path: string, kind: ReadKind): void {
    try {
      this.#takers[kind](path)
    } catch (error) {
      const code =
        error instanceof TphctlError ? error.errno : (error as NodeJS.ErrnoException).code
      if (code === undefined) throw error
      if (GONE.has(code) || (NO_RIGHT.has(code) && OPEN_FILES.test(path))) return
      this.#files.set(path, { path, kind: 'unreadable', detail: code, content: null })
    }
  }

  #content(path: string): void {
    const place = this.#settle(path)
    const bytes = this.#root.bytes(place)
    if (bytes === null) return
    const reduced = reduce(place, bytes)
    this.#add(place, reduced === null ? 'file' : 'reduced', reduced ?? bytes)
  }

  #names(path: string): void {
    const place = this.#settle(path)
    if (this.#kindOf(place) !== 'folder' || /^\/proc\/\d+\/(?:fd|task)$/.test(place)) return
    this.#folder(place)
    if (!NAMES_COUNT.test(place)) return
    for (const name of this.#root.names(place)) this.#entry(posix.join(place, name))
  }

  #entry(path: string): void {
    const kind = this.#kindOf(path)
    if (kind === 'link') this.#link(path)
    else if (kind === 'folder') this.#folder(path)
    else if (kind === 'file') this.#name(path)
  }

  /** A link whose own text counts. Of the open files of processes only those that have to do with VFIO. */
  #link(path: string): void {
    const place = posix.join(this.#settle(posix.dirname(path)), posix.basename(path))
    if (this.#kindOf(place) !== 'link') return
    const text = readlinkSync(this.#root.locate(place))
    if (/^\/proc\/self\//.test(place)) return
    if (PROCESS_FD.test(place) && !isVfio({ fd: 0, link: text })) return
    this.#files.set(place, { path: place, kind: 'link', detail: text, content: null })
  }

  /** Where a path leads, each link on the way taken. @param left how many links may still be followed in all */
  #settle(path: string, left = { links: MOST_LINKS }): string {
    let at = '/'
    for (const part of path.split('/').filter((one) => one !== '')) {
      const next = posix.join(at, part)
      // Who is meant by "self" is another process than the one that reads the bundle.
      if (next === '/proc/self' || left.links === 0 || this.#kindOf(next) !== 'link') at = next
      else at = this.#follow(next, left)
    }
    return at
  }

  /** An absolute link would lead out of the bundle, so every link is made relative. */
  #follow(path: string, left: { links: number }): string {
    left.links--
    const from = posix.dirname(path)
    const target = posix.resolve(from, readlinkSync(this.#root.locate(path)))
    const detail = posix.relative(from, target)
    this.#files.set(path, { path, kind: 'link', detail, content: null })
    return this.#settle(target, left)
  }

  #kindOf(path: string): 'file' | 'folder' | 'link' | null {
    try {
      const stat = lstatSync(this.#root.locate(path))
      if (stat.isSymbolicLink()) return 'link'
      return stat.isDirectory() ? 'folder' : 'file'
    } catch (error) {
      if (GONE.has((error as NodeJS.ErrnoException).code ?? '')) return null
      throw hostError(`read ${path}`, error)
    }
  }

  #node(path: string): void {
    if (this.#root.node(path) !== 'missing') this.#name(path)
  }

  #name(path: string): void {
    this.#add(path, 'name', new Uint8Array(0))
  }

  #folder(path: string): void {
    if (this.#kindOf(path) === 'folder') this.#folders.add(path)
  }

  #add(path: string, kind: BundleItem['kind'], content: Uint8Array): void {
    this.#files.set(path, { path, kind, detail: null, content })
  }
}
