import { join } from 'node:path'
import { PLACE, PROJECT } from './workplace.ts'

/** The program as it is shipped. */
export const LAUNCHER = join(PROJECT, 'bin', 'tphctl.js')

/** The call that starts are measured with. */
export const GET = ['--backend', 'mock', 'get', '81:00.0', '0-63', '-o', 'json']

/** What it works on. */
export const STATE = { TPHCTL_MOCK_STATE: join(PLACE, 'state') }
