import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { signalQueue } from '../src/signals.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

describe('signalQueue()', () => {
  it('gives signals in their order, those that came before it was asked too', async () => {
    const source = new EventEmitter()
    const next = signalQueue(source, ['SIGHUP', 'SIGTERM'])
    source.emit('SIGHUP', 'SIGHUP', 1)
    source.emit('SIGTERM', 'SIGTERM', 15)
    expect(await next()).toEqual({ name: 'SIGHUP', number: 1 })
    expect(await next()).toEqual({ name: 'SIGTERM', number: 15 })
    const later = next()
    source.emit('SIGHUP', 'SIGHUP', 1)
    expect(await later).toEqual({ name: 'SIGHUP', number: 1 })
  })

  it('keeps a process alive that waits, and ends it when nobody waits any more', async () => {
    const entry = new URL('../src/signals.ts', import.meta.url).pathname
    const bundle = join(temporaryDirectory(), 'waits.cjs')
    const contents = `import { signalQueue } from ${JSON.stringify(entry)}
      const next = signalQueue(process, ['SIGHUP', 'SIGTERM'])
      process.stdout.write('ready\\n')
      const hup = async () => {
        process.stdout.write((await next()).name + '\\n')
        process.stdout.write((await next()).name + '\\n')
      }
      hup()`
    const stdin = { contents, resolveDir: '/', loader: 'ts' as const }
    buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile: bundle })
    const child = spawn(process.execPath, [bundle], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said === 'ready\n') child.kill('SIGHUP')
      if (said === 'ready\nSIGHUP\n') child.kill('SIGTERM')
    })
    const [code] = await once(child, 'close')
    expect({ code, said }).toEqual({ code: 0, said: 'ready\nSIGHUP\nSIGTERM\n' })
  })
})
