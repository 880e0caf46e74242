import { spawn } from 'node:child_process'
import type { WatchEvent } from '../../../src/tph/watcher.ts'
import { commandOf, plainEnvironment, type RunOptions } from './program.ts'
import { until } from './until.ts'

/** Runs `tphctl watch` until it has told of `count` events, and ends it. @param line its words, separated by blanks @returns them */
export async function eventsOf(
  line: string,
  count: number,
  options: RunOptions,
): Promise<WatchEvent[]> {
  const [program, words] = commandOf(`${line} -o ndjson`, options)
  const child = spawn(program, words, {
    env: { ...plainEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const told = { stdout: '', stderr: '', isOver: false }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      told[name] += text
    })
  }
  child.on('close', () => {
    told.isOver = true
  })
  const lines = () => told.stdout.split('\n').slice(0, -1)
  await until(line, () => lines().length >= count || told.isOver)
  child.kill('SIGTERM')
  await until(`the end of ${line}`, () => told.isOver)
  if (lines().length < count) throw new Error(`tphctl ${line}: ${told.stdout}${told.stderr}`)
  return lines().map((one) => JSON.parse(one))
}
