import { fileURLToPath } from 'node:url'

/** Where programs that tests start keep compiled code: nothing of the user's own is read or written. */
export const CODE_CACHE = fileURLToPath(new URL('../../dist/code-cache', import.meta.url))
