import { writeSync } from 'node:fs'
import { loadLibc } from '../../../native-shims/load.ts'
import { parseEntry } from '../../../src/args/entry.ts'
import { LinuxBackend } from '../../../src/backend/linux/linux-backend.ts'
import { getEntries } from '../../../src/tph/get-entries.ts'
import { findTphFunction } from '../../../src/tph/host.ts'
import { planSet } from '../../../src/tph/plan-set.ts'
import { program } from '../../../src/tph/program.ts'
import { SharedRoot, sharedLibc } from './shared-device.ts'

/*
 * Sets one entry of a shared device and reads it back, over and over for so many milliseconds, at least once. Says as json how often, the
 * CPU that was set last, and the owners it borrowed from.
 */

const [, , folder = '', bdf = '', index = '', milliseconds = ''] = process.argv
const libc = sharedLibc(loadLibc(undefined))
const backend = new LinuxBackend({
  root: new SharedRoot(folder, bdf),
  libc: () => libc,
  pid: null,
  fd: null,
  how: null,
  ephemeral: false,
  runtimeDirectory: `${folder}/run/tphctl`,
  user: process.geteuid?.() ?? 0,
  self: { pid: process.pid, command: 'borrower', fd: -1, startTime: '', allowedCpus: null },
  notifySocket: null,
})
const notices = { note: () => {}, warn: () => {} }
const host = { backend, notices, featureIndex: 14, waitSeconds: 120, strict: false, trace: null }
const options = { memoryType: 'vm', cycle: false } as const
const deadline = Date.now() + Number(milliseconds)
const owners = new Set<number>()
let [count, last] = [0, 0]
while (count === 0 || Date.now() < deadline) {
  backend.forget()
  last = (Number(index) + count) % 4
  owners.add(backend.requireOwner(bdf).pid)
  const plan = planSet(host, bdf, [parseEntry(`${index}=${last}`)], options)
  const { error } = program(host, [plan], 'set')
  if (error !== null) throw error
  const [entry] = getEntries(host, findTphFunction(host, bdf), [Number(index)]).entries
  if (entry?.st !== 0x100 + last || entry.cpu !== last) {
    throw new Error(`set to CPU ${last}, read back as ${JSON.stringify(entry)}`)
  }
  count += 1
}
writeSync(1, JSON.stringify({ count, last, owners: [...owners] }))
