import type { Binding } from './binding.ts'
import type { Libc } from './libc.ts'
import { settle } from './settle.ts'

const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0x8_0000
const MSG_NOSIGNAL = 0x4000

/** Binds socket(2), sendto(2) and close(2) as Libc.sendDatagram. */
export function bindSendDatagram(binding: Binding): Libc['sendDatagram'] {
  const socket = binding.bind('socket', 'int', ['int', 'int', 'int'])
  const close = binding.bind('close', 'int', ['int'])
  const sendto = binding.bind('sendto', 'long', [
    'int',
    'pointer',
    'size_t',
    'int',
    'pointer',
    'int',
  ])
  return (path, text) => {
    const address = unixAddress(path)
    const bytes = Buffer.from(text)
    const fd = settle(binding, () => socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
    if (fd < 0) return fd
    try {
      return settle(binding, () =>
        sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length),
      )
    } finally {
      close(fd)
    }
  }
}

/** struct sockaddr_un, as long as the path needs: an abstract name starts with NUL, any other ends with one. */
function unixAddress(path: string): Uint8Array {
  const name = path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`
  return Buffer.concat([Uint8Array.of(AF_UNIX, 0), Buffer.from(name)])
}
