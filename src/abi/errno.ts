// Names and values follow <asm-generic/errno-base.h> and <asm-generic/errno.h>: x86-64 and arm64.
// Not node:os: it lacks fifty of them and has the numbers of the machine it runs on.

/** Position = errno, from 0; `-` is a number the kernel leaves free. */
const NAMES = `
- EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF
ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV
ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE
EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY
ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH
ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT
ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT
ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC
ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ
EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL
ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS
ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL
EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED
EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
`

const ALIASES: readonly (readonly [name: string, errno: number])[] = [
  ['EWOULDBLOCK', 11],
  ['EDEADLOCK', 35],
  ['ENOTSUP', 95],
]

/** Split when a name is first asked for: most commands do not. */
let split: readonly string[] | null = null

function names(): readonly string[] {
  split ??= NAMES.trim().replaceAll('\n', ' ').split(' ')
  return split
}

/** The errnos this program tells apart, by kernel name; positive numbers. */
export const E = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  EMFILE: 24,
  ENOTTY: 25,
  ENOSPC: 28,
  EPIPE: 32,
  ERANGE: 34,
  ENOSYS: 38,
  ELOOP: 40,
  EOPNOTSUPP: 95,
} as const

/**
 * The kernel's name of a positive errno: 22 is `EINVAL`, 95 is `EOPNOTSUPP`.
 * A number without a name comes out as `errno 1234`.
 */
export function errnoName(errno: number): string {
  const name = names()[errno]
  return name === undefined || name === '-' ? `errno ${errno}` : name
}

/** The positive errno of a name, libc's aliases (`ENOTSUP`, `EWOULDBLOCK`) included; else null. */
export function errnoNumber(name: string): number | null {
  const alias = ALIASES.find(([one]) => one === name)
  if (alias !== undefined) return alias[1]
  const errno = name === '-' ? -1 : names().indexOf(name)
  return errno < 0 ? null : errno
}
