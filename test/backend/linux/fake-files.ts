import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

/** Files and links below a folder of its own, named by their absolute paths on the host that it stands for. */
export class FakeFiles {
  readonly folder: string

  /** @param parent the folder that theirs is made in */
  constructor(parent = tmpdir()) {
    this.folder = mkdtempSync(join(parent, 'tphctl-root-'))
  }

  /** Writes a file, text exactly as given: kernel files end with a newline. */
  file(path: string, content: string | number | Uint8Array): void {
    const place = this.#make(path)
    writeFileSync(place, typeof content === 'number' ? `${content}\n` : content)
  }

  /** Writes files of one folder; what is undefined is left out. */
  files(folder: string, contents: Readonly<Record<string, string | number | undefined>>): void {
    this.directory(folder)
    for (const [name, content] of Object.entries(contents)) {
      if (content !== undefined) this.file(join(folder, name), content)
    }
  }

  /** Makes a folder, with nothing in it. */
  directory(path: string): void {
    mkdirSync(join(this.folder, path), { recursive: true })
  }

  /** Makes a symbolic link with exactly this text, in place of one there. */
  link(path: string, target: string): void {
    const place = this.#make(path)
    rmSync(place, { force: true })
    symlinkSync(target, place)
  }

  /** Makes a relative link to a path of the host, as sysfs has them. `path` itself must not lead through links. */
  linkTo(path: string, target: string): void {
    this.link(path, relative(dirname(path), target))
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #make(path: string): string {
    const place = join(this.folder, path)
    mkdirSync(dirname(place), { recursive: true })
    return place
  }
}
