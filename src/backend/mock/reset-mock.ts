import { type Dirent, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { refuseLink } from '../../make-directory.ts'
import { systemError } from '../../system-error.ts'
import { acquire } from './acquire.ts'
import { GenerationLock } from './generation-lock.ts'
import { MockStore } from './store.ts'

/** A command works on a device for a part of a second; a wait this long means that one is stopped. */
const LOCK_SECONDS = 30

/**
 * Empties the state of every emulated host that is kept at `statePath`, with what was remembered about it. Commands that
 * are at work on a device finish first, so that none finds its change gone.
 *
 * @throws UsageError when the file was not written by tphctl; BusyError when a command does not finish
 */
export function resetMock(statePath: string): void {
  const store = new MockStore(statePath, '', () => {
    throw new RangeError('no emulated function')
  })
  while (!resetOnce(store, statePath)) {
    // A device was used for the first time meanwhile, so that its lock was not among those taken.
  }
}

/** @returns whether all devices that were ever used were locked; nothing was done if not */
function resetOnce(store: MockStore, statePath: string): boolean {
  const devices = devicesIn(`${statePath}.locks`)
  const locks: GenerationLock[] = []
  try {
    for (const device of devices) locks.push(lock(device))
    return store.reset(() => {
      if (devicesIn(`${statePath}.locks`).length > devices.length) return false
      removeLedgers(`${statePath}.ledger`)
      return true
    })
  } finally {
    for (const one of locks) one.release()
  }
}

/** Removes the ledgers alone: a command that is about to write one needs its directory. */
function removeLedgers(root: string): void {
  try {
    for (const ledger of entriesBelow(root, (entry) => entry.name.endsWith('.json'))) {
      rmSync(ledger, { force: true })
    }
  } catch (error) {
    throw systemError(`remove ledgers in "${root}"`, error)
  }
}

function lock(device: string): GenerationLock {
  const lock = new GenerationLock(device)
  try {
    acquire(lock, LOCK_SECONDS, `"${device}"`)
  } catch (error) {
    throw systemError(`lock "${device}"`, error)
  }
  return lock
}

/** The lock directories of all devices of all hosts, in an order that is the same for every reset. */
function devicesIn(root: string): string[] {
  try {
    return entriesBelow(root, (entry) => entry.isDirectory()).sort()
  } catch (error) {
    throw systemError(`read locks in "${root}"`, error)
  }
}

/** Paths of what lies in the directories of `root`, which are one for each host. */
function entriesBelow(root: string, isWanted: (entry: Dirent) => boolean): string[] {
  return entriesOf(root)
    .filter((host) => host.isDirectory())
    .flatMap(({ name: host }) =>
      entriesOf(join(root, host))
        .filter(isWanted)
        .map(({ name }) => join(root, host, name)),
    )
}

function entriesOf(directory: string): Dirent[] {
  try {
    refuseLink(directory)
    return readdirSync(directory, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
