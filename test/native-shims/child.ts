import { openSync } from 'node:fs'
import { LOCK_EX, LOCK_NB } from '../../native-shims/libc.ts'
import { loadLibc } from '../../native-shims/load.ts'

/*
 * What tests run in a process of its own: BINDING ACTION [ARGUMENT…]. Its result goes to stdout as one line of JSON.
 */

const [binding, action, first = '', second = ''] = process.argv.slice(2)
const libc = loadLibc(binding)

switch (action) {
  case 'call':
    print([libc.name, libc.ioctl(openSync('/dev/null', 'r'), 0x541b, new Uint8Array(4))])
    break
  case 'load':
    print([libc.name])
    break
  case 'borrow': {
    const pidfd = libc.pidfdOpen(Number(first))
    print([pidfd >= 0, libc.pidfdGetfd(pidfd, Number(second))])
    break
  }
  case 'lock':
    print([libc.flock(openSync(first, 'r'), LOCK_EX | LOCK_NB)])
    setInterval(() => {}, 60_000) // keeps the lock until it is killed
    break
  default:
    throw new Error(`Cannot run action "${action}"`)
}

function print(result: readonly unknown[]): void {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
