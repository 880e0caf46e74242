import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import type { TestShell } from '../helpers/run-program.ts'

/** What a shell shows when it waits for keys. */
export const PROMPT = 'ready>'

/** The key that the shells of these tests show their line at, between « and ». */
export const SHOW = '\u0007'
const KILL_LINE = '\u0015'

/**
 * Types into an interactive shell on a terminal of its own: the keys when it waits for them, then the one that shows its line.
 *
 * @param command a shell that shows {@link PROMPT}, shows its line at {@link SHOW}, and ends at "exit"
 * @returns the line that the keys came to, and all that the terminal showed
 */
export function typeKeys(
  { directory, env }: TestShell,
  command: string,
  keys: string,
): Promise<{ line: string | null; screen: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: directory,
      env: { ...env, TERM: 'xterm', HISTFILE: '/dev/null', SHELL: '/bin/sh' },
    })
    let screen = ''
    let waitsFor: RegExp | null = new RegExp(PROMPT)
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk
      if (waitsFor?.test(screen) !== true) return
      const isStart = waitsFor.source === PROMPT
      child.stdin.write(isStart ? `${keys}${SHOW}` : `${KILL_LINE}exit\n`)
      waitsFor = isStart ? /«[^»]*»/ : null
    })
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', () => {
      const text = stripVTControlCharacters(screen).replaceAll('\r', '')
      resolve({ line: /«([^»]*)»/.exec(text)?.[1] ?? null, screen: text })
    })
  })
}
