import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A command of the README and what stands below it. */
export interface Example {
  readonly line: number
  readonly command: string
  readonly output: string
}

const BLOCK = /^```console\n(.*?)^```$/gms

/** The examples of a Markdown text: in blocks marked `console`, each line that starts with `$ ` and the lines below it. */
export function examplesOf(markdown: string): Example[] {
  return [...markdown.matchAll(BLOCK)].flatMap((block) => {
    const first = markdown.slice(0, block.index).split('\n').length + 1
    return splitBlock(block[1] ?? '', first)
  })
}

/** The same text with the outputs replaced, in order. */
export function withOutputs(markdown: string, outputs: readonly string[]): string {
  const waiting = [...outputs]
  return markdown.replace(BLOCK, (_, block: string) => {
    const filled = splitBlock(block, 0).map(
      ({ command }) => `$ ${command}\n${waiting.shift() ?? ''}`,
    )
    return `\`\`\`console\n${filled.join('')}\`\`\``
  })
}

/** Runs commands one after the other on one emulated host, with `tphctl` on the PATH. @returns what each printed */
export function runExamples(commands: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tphctl-readme-'))
  try {
    symlinkSync(fileURLToPath(new URL('../bin/tphctl.js', import.meta.url)), join(folder, 'tphctl'))
    const env = {
      PATH: `${folder}:${process.env['PATH']}`,
      TPHCTL_BACKEND: 'mock',
      TPHCTL_MOCK_STATE: join(folder, 'state'),
      LC_ALL: 'C',
    }
    return commands.map((command) => run(command, folder, env))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(command: string, cwd: string, env: Record<string, string>): string {
  const done = spawnSync('sh', ['-c', `exec 2>&1; ${command}`], { cwd, env, encoding: 'utf8' })
  return done.stdout
}

function splitBlock(block: string, firstLine: number): Example[] {
  const examples: Example[] = []
  block.split('\n').forEach((text, i) => {
    const last = examples.at(-1)
    if (text.startsWith('$ ')) {
      examples.push({ line: firstLine + i, command: text.slice(2), output: '' })
    } else if (last !== undefined && !(text === '' && i === block.split('\n').length - 1)) {
      examples[examples.length - 1] = { ...last, output: `${last.output}${text}\n` }
    }
  })
  return examples
}
