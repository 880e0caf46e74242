import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Io } from '../../io.ts'
import { environmentFile } from './environment-file.ts'

/** Where a user's state lies below the folder for that. */
const BELOW_BASE = join('tphctl', 'mock-state')

/**
 * Where the state lies: `TPHCTL_MOCK_STATE`, else below `XDG_STATE_HOME` or its default (XDG base directory specification 0.8).
 *
 * @throws UsageError when the environment names neither that nor a home; PermissionError under sudo when others could have chosen it
 */
export function mockStatePath(io: Pick<Io, 'env' | 'uid'>): string {
  const { TPHCTL_MOCK_STATE: state, XDG_STATE_HOME: base, HOME: home } = io.env
  if (state) return environmentFile(io, 'TPHCTL_MOCK_STATE', state)
  if (base?.startsWith('/')) return environmentFile(io, 'XDG_STATE_HOME', join(base, BELOW_BASE))
  if (home) return environmentFile(io, 'HOME', join(home, '.local', 'state', BELOW_BASE))
  const hint = 'set TPHCTL_MOCK_STATE to a file'
  throw new UsageError('Cannot place the mock state: HOME is not set', { hint })
}
