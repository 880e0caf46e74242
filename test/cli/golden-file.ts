import { readdirSync, readFileSync } from 'node:fs'
import { FORMATS, type Format } from '../../src/format/formats.ts'

/*
 * A golden file is one call and what it says in each format, on a fresh emulated host:
 *
 *   # what it shows
 *   @ NAME=VALUE            environment
 *   + set 81:00.0 0=1       a call made before it; must succeed
 *   +< text                 a line of that one's standard input
 *   $ get 81:00.0 0         the call
 *   < text                  a line of its standard input
 *   --- table               the call with "-o table" added: stdout as it is,
 *   ! text                  stderr lines so marked,
 *   = 3                     and the exit code unless it is 0
 */

/** What a call writes in one format. */
export interface Expected {
  stdout: string
  stderr: string
  exitCode: number
}

/** A call and its standard input. */
export interface Call {
  readonly call: string
  readonly stdin: string
}

/** A golden file, parsed. */
export interface Golden extends Call {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly before: readonly Call[]
  readonly expected: ReadonlyMap<Format, Expected>
}

const FOLDER = new URL('golden/', import.meta.url)

/** The dumps that golden files name, by the word that stands for their paths. */
const DUMPS: Readonly<Record<string, string>> = {
  $SMALL: new URL('small.lspci', FOLDER).pathname,
  $MSIX: new URL('msix.lspci', FOLDER).pathname,
  $DRIFT: new URL('drift.lspci', FOLDER).pathname,
}

/** A text with the paths of dumps for their words. */
export function withPaths(text: string): string {
  return Object.entries(DUMPS).reduce((all, [word, path]) => all.replaceAll(word, path), text)
}

/** The other way round. */
export function withWords(text: string): string {
  return Object.entries(DUMPS).reduce((all, [word, path]) => all.replaceAll(path, word), text)
}

/** Every golden file. */
export function readGoldens(): Golden[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'))
  return files.map((file) =>
    parseGolden(file.replace(/\.txt$/, ''), readFileSync(new URL(file, FOLDER), 'utf8')),
  )
}

/** Whether it shows a call that fails. */
export function isFailure({ expected }: Golden): boolean {
  return [...expected.values()].some(({ exitCode }) => exitCode !== 0)
}

/** The command it calls. */
export function commandOf({ call }: Golden): string {
  return call.split(' ')[0] ?? ''
}

function parseGolden(name: string, text: string): Golden {
  const [head = '', ...blocks] = text.split(/^--- /m)
  const marked = (mark: string) =>
    head.split('\n').flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(2)] : []))
  const [call, ...more] = marked('$')
  if (call === undefined || more.length > 0) throw new Error(`${name}: one line must begin with $`)
  return {
    name,
    env: Object.fromEntries(marked('@').map((line) => splitOnce(line, '='))),
    before: parseBefore(head),
    call,
    stdin: joinLines(marked('<')),
    expected: new Map(blocks.map(parseBlock)),
  }
}

function parseBefore(head: string): Call[] {
  const [, ...parts] = head.split(/^\+ /m)
  return parts.map((part) => {
    const [call = '', ...lines] = part.split('\n')
    return { call, stdin: joinLines(lines.flatMap((line) => /^\+< (.*)/.exec(line)?.[1] ?? [])) }
  })
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

function parseBlock(block: string): [Format, Expected] {
  const [title = '', ...lines] = block.replace(/\n$/, '').split('\n')
  const format = FORMATS.find((one) => one === title)
  if (format === undefined) throw new Error(`there is no format "${title}"`)
  const expected: Expected = { stdout: '', stderr: '', exitCode: 0 }
  for (const line of lines) {
    if (line.startsWith('! ')) expected.stderr += `${line.slice(2)}\n`
    else if (line.startsWith('= ')) expected.exitCode = Number(line.slice(2))
    else expected.stdout += `${line}\n`
  }
  return [format, expected]
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + separator.length)]
}
