import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Libc } from '../../../native-shims/libc.ts'
import { takeFlock } from '../../../src/backend/linux/flock-lock.ts'
import { fakeRoot } from './fake-root.ts'
import { real, skipped } from './open-real-libc.ts'
import { caught } from './owner-caught.ts'

const BDF = '0000:81:00.0'

describe.skipIf(typeof real === 'string')(`takeFlock() between processes${skipped}`, () => {
  const libc = real as Libc

  function place() {
    const directory = join(fakeRoot().folder, 'run', 'tphctl')
    return { directory, path: join(directory, `${BDF}.lock`) }
  }

  /** A process that takes the lock, says so and keeps it for its life. */
  async function holdElsewhere(directory: string) {
    const contents = `
      import { takeFlock } from './src/backend/linux/flock-lock.ts'
      import { loadLibc } from './native-shims/load.ts'
      takeFlock(loadLibc(undefined), { directory: ${JSON.stringify(directory)}, user: process.geteuid() }, '${BDF}', 0)
      console.log('held')
      setTimeout(() => {}, 60_000)`
    const outfile = join(directory, '..', 'holder.mjs')
    buildSync({
      stdin: { contents, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['koffi'],
      logLevel: 'error',
      outfile,
    })
    const env = { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules') }
    const child = spawn(process.execPath, [outfile], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the holder ended')))
    ended.catch(() => {})
    await Promise.race([once(child.stdout, 'data'), ended])
    return child
  }

  it('names the other, and gets the lock once that is killed', async () => {
    const { directory, path } = place()
    const child = await holdElsewhere(directory)
    const { message } = caught(() =>
      takeFlock(libc, { directory, user: process.geteuid?.() ?? 0 }, BDF, 0),
    )
    const comm = readFileSync(`/proc/${child.pid}/comm`, 'utf8').trim()
    expect(message).toBe(`Cannot lock the device: EBUSY, held by pid ${child.pid} (${comm})`)
    child.kill('SIGKILL')
    const lock = takeFlock(libc, { directory, user: process.geteuid?.() ?? 0 }, BDF, 10)
    expect(readFileSync(path, 'utf8')).toMatch(`${process.pid} `)
    lock.release()
  })

  it('keeps two locks of one process apart, and devices too', () => {
    const { directory } = place()
    const lock = takeFlock(libc, { directory, user: process.geteuid?.() ?? 0 }, BDF, 0)
    takeFlock(libc, { directory, user: process.geteuid?.() ?? 0 }, '0000:82:00.0', 0).release()
    expect(
      caught(() => takeFlock(libc, { directory, user: process.geteuid?.() ?? 0 }, BDF, 0)).message,
    ).toContain(`pid ${process.pid} `)
    lock.release()
    takeFlock(libc, { directory, user: process.geteuid?.() ?? 0 }, BDF, 0).release()
  })
})
