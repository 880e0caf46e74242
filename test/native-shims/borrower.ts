import { writeSync } from 'node:fs'
import { loadLibc } from '../../native-shims/load.ts'

/*
 * A process in the middle of a command, for borrow-signal.test.ts: BINDING PID FD. It borrows the fd, says so, and then runs no
 * more JavaScript, as if it waited for the kernel.
 */

const [binding, pid, fd] = process.argv.slice(2)
const libc = loadLibc(binding)
const pidfd = libc.pidfdOpen(Number(pid))
const borrowed = libc.pidfdGetfd(pidfd, Number(fd))
writeSync(1, borrowed < 0 ? `errno ${-borrowed}\n` : 'borrowed\n')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
