import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../../src/main.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { bytesOf, promise, type Target, textOf } from '../target.ts'

const [WORD, STDIN] = ['\x1f', '\x1e']
const CALLS = [
  'set 81:00.0 0-3=0-3 4=none --dry-run -v',
  'set 82:00.0 - --cycle -q',
  'set - -o ndjson',
  'get 81:00.0 0-7 --json',
  'get 83:00.0 0-3 -o table',
  'plan 82:00.0 --l3 1',
  'apply - --diff',
  'batch - --keep-going',
  'info 81:00.0 --hexdump',
  'tag 83:00.0 0-3 --mem-type pm',
  'clear 82:00.0 0-100 --strict',
  'enable 81:00.0 --mode ds -n',
  'export --prometheus',
  '__complete bash 2 tphctl set',
]
const INPUTS = [
  '0=0 1=1\n',
  '81:00.0 0=1\n',
  'version: 1\ndevices: [{device: "81:00.0", mode: iv}]\n',
]
const MORE = ['get 81:00.0 0\nset 82:00.0 0=0\n']
/** What goes on for ever, waits, or writes elsewhere than to the state of the mock. */
const LEFT_OUT =
  /^(?:watch|hold|gather|--to|--serve|--wait|--root|--mock-host|--backend|--pid|--fd|--open)/
/** A path, and what no command line can have. */
const OUTSIDE = /[/\0]/
const LONGEST_LINE = 2000
const INTERNAL = 8

let folder: string | null = null

function ownFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'tphctl-fuzz-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Whole command lines on the mock, with what is on standard input. */
export const commandLine: Target = {
  name: 'command-line',
  share: 0.1,
  longest: 200,
  microsecondsPerByte: 1000,
  seeds: () => {
    const inputs = [...INPUTS, ...MORE]
    return CALLS.map((call, i) =>
      bytesOf(`${call.split(' ').join(WORD)}${STDIN}${inputs[i % inputs.length]}`),
    )
  },
  words: [WORD, STDIN, '-', ...CALLS.flatMap((call) => call.split(' ')), '\n', '=', '@pm', '\x1b['],
  async run(input) {
    folder ??= ownFolder()
    const [line = '', stdin = ''] = textOf(input).split(STDIN)
    const words = line.split(WORD)
    if (words.some((word) => LEFT_OUT.test(word) || OUTSIDE.test(word))) return
    const env = { TPHCTL_BACKEND: 'mock', TPHCTL_MOCK_STATE: join(folder, 'state'), HOME: folder }
    const { io, written } = fakeIo({ stdin, env })
    const exitCode = await main(words, io)
    promise(exitCode !== INTERNAL, `a bug: ${written.stderr.slice(0, 600)}`)
    promise(exitCode >= 0 && exitCode < INTERNAL, `exit code ${exitCode}`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    promise(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(written.stderr), 'control characters')
    const longest = Math.max(...written.stderr.split('\n').map(({ length }) => length))
    // A path is named whole; one that is this long names nothing.
    const isPath = written.stderr.includes('ENAMETOOLONG')
    promise(longest < LONGEST_LINE || isPath || words.includes('-v'), 'a message without end')
  },
}
