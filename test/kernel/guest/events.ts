import { spawn } from 'node:child_process'
import type { WatchEvent } from '../../../src/tph/watcher.ts'
import { commandOf, outputOf, plainEnvironment, type RunOptions } from './program.ts'
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
  const output = outputOf(child)
  let isOver = false
  child.on('close', () => {
    isOver = true
  })
  const lines = () => output.stdout.split('\n').slice(0, -1)
  await until(line, () => lines().length >= count || isOver)
  child.kill('SIGTERM')
  await until(`the end of ${line}`, () => isOver)
  if (lines().length < count) throw new Error(`tphctl ${line}: ${output.stdout}${output.stderr}`)
  return lines().map((one) => JSON.parse(one))
}
