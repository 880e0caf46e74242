import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryDirectory } from './temporary.ts'

/** Whether this process may mount; it needs root. */
export const mayMount: boolean =
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

/** For the name of a suite that mounts: why it is skipped. */
export const unmounted: string = mayMount ? '' : ' (skipped: mount(8) may not)'

/** A tmpfs for the test that runs, gone when it is over. @param options such as `size=64k` or `nr_inodes=4` */
export function smallFileSystem(options: string): string {
  const directory = join(temporaryDirectory(), 'small')
  mkdirSync(directory)
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', directory])
  if (status !== 0) throw new Error(String(stderr))
  onTestFinished(() => void spawnSync('umount', ['--lazy', directory]))
  return directory
}
