import { type ChildProcess, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { describeBindings } from './bindings.ts'
import { bundleOptions, nextOutput, packageDirectory, project, start } from './children.ts'
import { open } from './descriptors.ts'

/** The pipe's write end in its owner. */
const FD = 3

/** A pipe: its read end here, its write end in a process of its own and nowhere else. */
function ownedPipe(): { reader: number; owner: ChildProcess } {
  const path = join(temporaryDirectory(), 'pipe')
  execFileSync('mkfifo', [path])
  const reader = open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, 'w')
  const owner = start('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', writer] })
  closeSync(writer)
  return { reader, owner }
}

/** Who has the write end open: nobody at the end of the file, somebody when there is nothing to read yet. */
function writers(reader: number): 'nobody' | 'somebody' {
  try {
    expect(readSync(reader, Buffer.alloc(1))).toBe(0)
    return 'nobody'
  } catch (error) {
    expect(error).toMatchObject({ code: 'EAGAIN' })
    return 'somebody'
  }
}

/** A process that has borrowed the write end and is blocked. */
async function borrower(binding: string, { pid }: ChildProcess): Promise<ChildProcess> {
  const program = join(packageDirectory(), 'borrower.cjs')
  const source = join(project, 'test/native-shims/borrower.ts')
  buildSync({ ...bundleOptions, entryPoints: [source], outfile: program })
  const child = start(process.execPath, [program, binding, `${pid}`, `${FD}`])
  expect(await nextOutput(child)).toBe('borrowed\n')
  return child
}

/** Ends a process by a signal. @returns the signal that it ended by */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<NodeJS.Signals | null> {
  const exit = once(child, 'exit')
  child.kill(signal)
  const [, by] = await exit
  return by
}

describeBindings('a borrowed fd never outlives the borrower', ({ name }) => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    '%s ends it in the middle of a command, and no copy is left: the owner still has its own',
    async (signal) => {
      const { reader, owner } = ownedPipe()
      const child = await borrower(name, owner)
      expect(await end(child, signal)).toBe(signal)
      expect(writers(reader)).toBe('somebody')
      expect(await end(owner, 'SIGKILL')).toBe('SIGKILL')
      expect(writers(reader)).toBe('nobody')
    },
  )

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'outlives the owner until %s: it was a copy of its own',
    async (signal) => {
      const { reader, owner } = ownedPipe()
      const child = await borrower(name, owner)
      await end(owner, 'SIGKILL')
      expect(writers(reader)).toBe('somebody')
      expect(await end(child, signal)).toBe(signal)
      expect(writers(reader)).toBe('nobody')
    },
  )
})
