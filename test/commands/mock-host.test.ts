import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectFailure } from '../helpers/expect-failure.ts'
import { runMain } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

/** Paths that cannot be read, with the errno that Linux says. */
const UNREADABLE: readonly (readonly [errno: string, path: string])[] = [
  ['ENOENT', '/nonexistent/host'],
  ['EISDIR', '/'],
  ['ENOTDIR', '/proc/self/status/x'],
  ['ENAMETOOLONG', `/${'x'.repeat(300)}`],
  ['EIO', '/proc/self/mem'],
]

describe('--mock-host', () => {
  it.each(UNREADABLE)('of a file that cannot be read (%s) is wrong input', async (errno, path) => {
    const env = { TPHCTL_MOCK_STATE: join(temporaryDirectory(), 'state') }
    for (const command of ['list', 'get 81:00.0', 'set 81:00.0 0=1']) {
      const run = await runMain([...command.split(' '), '--mock-host', path], { env })
      const { message } = expectFailure(run, 'usage')
      expect(message).toContain(`mock host "${path.slice(0, 20)}`)
      expect(message).toContain(`: ${errno}, `)
    }
  })
})
