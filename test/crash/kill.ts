import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PROGRAM } from '../helpers/run-program.ts'
import type { Scenario } from './scenarios.ts'
import type { World } from './world.ts'

const DIE_AT = fileURLToPath(new URL('die-at.cjs', import.meta.url))

/** A moment to die at: a call, by its number, or so long after the first. */
export type Moment =
  | { readonly how: 'before' | 'half'; readonly call: number; readonly name: string }
  | { readonly how: 'at random'; readonly part: number }

interface Started {
  readonly said: () => string
  readonly first: Promise<unknown>
  readonly ended: Promise<{ signal: string | null; code: number | null }>
  readonly kill: () => void
}

/** How a command works that nobody kills. */
export interface Work {
  /** The calls with which it changes something, in order. */
  readonly calls: readonly string[]
  /** From its first change to its end. */
  readonly milliseconds: number
}

/** Runs a command to its end. */
export async function observe(world: World, scenario: Scenario): Promise<Work> {
  const { said, first, ended } = start(world, scenario, 'tell', 0)
  await first
  const begun = performance.now()
  const { code } = await ended
  if (code !== 0) throw new Error(`${scenario.words.join(' ')} ends with ${code}`)
  return { calls: said().trim().split('\n'), milliseconds: performance.now() - begun }
}

/**
 * Runs a command and has it killed.
 *
 * @param time how long it works, in milliseconds
 * @returns whether it was killed before it had ended
 */
export async function kill(
  world: World,
  scenario: Scenario,
  moment: Moment,
  time: number,
): Promise<boolean> {
  if (moment.how !== 'at random') {
    const { signal, code } = await start(world, scenario, moment.how, moment.call).ended
    if (signal !== 'SIGKILL') throw new Error(`call ${moment.call} was not reached: exit ${code}`)
    return true
  }
  const { first, ended, kill } = start(world, scenario, 'tell', 0)
  await first
  await setTimeout(moment.part * time)
  kill()
  return (await ended).signal === 'SIGKILL'
}

function start(world: World, scenario: Scenario, mode: string, n: number): Started {
  const { words, stdin = '', keepsCode = false } = scenario
  const argv = [DIE_AT, PROGRAM, mode, String(n), '--', ...world.words(words)]
  const child = spawn(process.execPath, argv, {
    env: {
      PATH: process.env['PATH'],
      ...world.env,
      TPHCTL_CODE_CACHE: keepsCode ? join(world.folder, 'code') : '',
    },
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  })
  let said = ''
  const told = child.stdio[3] as Readable
  told.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(stdin)
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  return {
    said: () => said,
    first: Promise.race([once(told, 'data'), ended]),
    ended,
    kill: () => void child.kill('SIGKILL'),
  }
}
