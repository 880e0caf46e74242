import type { BundleItem } from '../host-facts.ts'
import type { Backend, Gathering } from '../types.ts'
import { TPH_STRUCT } from './btf.ts'
import { Bundle } from './bundle.ts'
import { writeBundle } from './bundle-write.ts'
import { once } from './once.ts'
import type { RecordingRoot } from './recording-root.ts'

export { RecordingRoot } from './recording-root.ts'

/** Gathers a real host, or a copy of one. */
export class LinuxGathering implements Gathering {
  readonly backend: Backend
  readonly #root: RecordingRoot
  /** Taken once, so that what is told is what was written. */
  readonly #bundle = once(() => this.#take())
  readonly #user: number

  /** @param user this process's effective user id */
  constructor(root: RecordingRoot, backend: Backend, user: number) {
    this.#root = root
    this.#user = user
    this.backend = backend
  }

  items(): readonly BundleItem[] {
    return this.#bundle().files.map(({ path, kind, detail }) => ({ path, kind, detail }))
  }

  save(directory: string, more: Readonly<Record<string, string>>): void {
    writeBundle(directory, this.#user, this.#bundle(), more)
  }

  #take(): Bundle {
    const bundle = new Bundle(this.#root.locate('/'))
    bundle.take(this.#root.reads)
    bundle.takeTypes(TPH_STRUCT)
    return bundle
  }
}
