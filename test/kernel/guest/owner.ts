import { createInterface } from 'node:readline'
import { openLinux } from '../../../src/backend/linux/open-linux.ts'
import type { Lock } from '../../../src/backend/types.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

/** A way to open a device. */
export type Way = 'group' | 'cdev'

/**
 * A process that owns devices, as QEMU or a DPDK program does. It takes a line at a time from standard input, `open BDF`
 * or `close BDF`, and answers each with `ok` or `error WHY`; `ready` comes first. It ends with its input.
 */
export async function runOwner(open: Way): Promise<void> {
  const options = { root: null, pid: null, fd: null, open, ephemeral: false }
  const { io } = fakeIo({ env: process.env })
  const held = new Map<string, Lock>()
  const obey = (verb: string | undefined, bdf: string): void => {
    if (verb === 'close') {
      held.get(bdf)?.release()
      held.delete(bdf)
    } else if (verb === 'open') {
      // A backend for each, for one that holds several shares what it opened for the first.
      held.set(bdf, openLinux(options, io).hold(bdf, null))
    } else {
      throw new RangeError(`no such order: ${verb}`)
    }
  }
  process.stdout.write('ready\n')
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, bdf = ''] = line.split(' ')
    try {
      obey(verb, bdf)
      process.stdout.write('ok\n')
    } catch (error) {
      process.stdout.write(`error ${error instanceof Error ? error.message : error}\n`)
    }
  }
}
