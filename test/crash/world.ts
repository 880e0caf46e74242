import { cpSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { CONTROL, openMock, peek, tagAt } from '../backend/mock/raw-device.ts'
import { type Run, runMain } from '../helpers/run-main.ts'

/** The devices that are killed over, and the entries of each that are looked at. */
const LOOKED_AT: Readonly<Record<string, readonly number[]>> = {
  '0000:81:00.0': Array.from({ length: 16 }, (_, i) => i),
  '0000:82:00.0': Array.from({ length: 8 }, (_, i) => i),
  '0000:83:00.0': [0, 1, 2, 3, 2047],
}

/** Their addresses. */
export const DEVICES = Object.keys(LOOKED_AT)

/** What the devices have: of each the tags and the control register. */
export type Devices = Readonly<Record<string, string>>

/** A folder with the state of an emulated host and other files that a command writes. */
export class World {
  readonly folder: string
  readonly state: string
  /** What programs run under. */
  readonly env: Readonly<Record<string, string>>

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.folder = folder
    this.state = join(folder, 'state')
    this.env = {
      TPHCTL_BACKEND: 'mock',
      TPHCTL_MOCK_STATE: this.state,
      TPHCTL_CODE_CACHE: '',
    }
  }

  /** The same in another folder. */
  copyTo(folder: string): World {
    cpSync(this.folder, folder, { recursive: true, verbatimSymlinks: true })
    return new World(folder)
  }

  /** A command that nobody kills. FILE in its words is a file of this world. */
  run(words: readonly string[], stdin = ''): Promise<Run> {
    return runMain(this.words(words), { stdin, env: this.env })
  }

  words(words: readonly string[]): string[] {
    return words.map((word) => (word === 'FILE' ? join(this.folder, 'FILE') : word))
  }

  /** What the devices have, read at the line where the kernel is. */
  devices(): Devices {
    const mock = openMock({ statePath: this.state })
    const all = DEVICES.map((bdf) => {
      const device = mock.borrow(bdf)
      const tags = (LOOKED_AT[bdf] ?? []).map((index) => tagAt(device, index).toString(16))
      return [bdf, `${tags.join(' ')} control ${peek(device, CONTROL, 4)}`]
    })
    return Object.fromEntries(all)
  }

  /** Whether each device's lock, and that of the state, can be had at once. @throws BusyError */
  takeLocks(): void {
    const mock = openMock({ statePath: this.state })
    for (const bdf of DEVICES) mock.lock(bdf, 0).release()
  }

  /** Every file and link by its path below the folder, with what is in it. */
  files(): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    const entries = readdirSync(this.folder, { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name)
      const name = path.slice(this.folder.length + 1)
      if (entry.isSymbolicLink()) found.set(name, `-> ${readlinkSync(path)}`)
      else if (entry.isFile()) found.set(name, readFileSync(path, 'latin1'))
    }
    return found
  }
}
