import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from './temporary.ts'

/** The tool that checks units; undefined where it is not installed. */
export const ANALYZE = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find((path) =>
  existsSync(path),
)

/** systemd-analyze on a unit, with a program that is there for the one it starts. */
export function verifyUnit(name: string, text: string): { exitCode: number | null; said: string } {
  const path = join(temporaryDirectory(), name)
  writeFileSync(path, text.replace(/^(ExecStart=)\S+/m, '$1/bin/true'))
  const done = spawnSync(ANALYZE ?? '', ['verify', '--man=no', path], { encoding: 'utf8' })
  return { exitCode: done.status, said: done.stdout + done.stderr }
}
