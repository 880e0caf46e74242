import type { Libc } from '../../../native-shims/libc.ts'
import { errnoName } from '../../abi/errno.ts'
import { RefusedError } from '../../errors.ts'

/**
 * Tells the service manager how the service does (sd_notify(3)).
 *
 * @param socket the path in NOTIFY_SOCKET; `@` stands for the abstract namespace
 * @param state such as `READY=1`
 * @throws RefusedError when it cannot be told: a unit of Type=notify would wait for it
 */
export function notifySystemd(libc: Libc, socket: string, state: string): void {
  const result = libc.sendDatagram(socket, state)
  if (result >= 0) return
  const errno = errnoName(-result)
  throw new RefusedError(
    `Cannot tell the service manager "${state}": ${errno}, NOTIFY_SOCKET is "${socket}"`,
    {
      errno,
    },
  )
}
