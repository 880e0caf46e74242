import { spawn } from 'node:child_process'
import type { ProgramRun } from './world.ts'

/** Runs a program to its end. */
export function runProgram(
  command: string,
  argv: readonly string[],
  stdin: string,
  env: NodeJS.ProcessEnv,
): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { env })
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (status) => {
      resolve({ status, stdout: textOf(stdout), stderr: textOf(stderr) })
    })
    // A program that does not read its standard input leaves a broken pipe.
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
  })
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
