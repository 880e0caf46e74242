import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { EXIT } from '../../src/errors.ts'
import { manualPage } from '../../src/manual/page.ts'
import { readSources } from '../helpers/imports.ts'
import { runOnce } from '../helpers/run-main.ts'

const PAGE = fileURLToPath(new URL('../../share/man/man1/tphctl.1', import.meta.url))
const page = readFileSync(PAGE, 'utf8')

/** The page without roff: escapes resolved, fonts left out. */
const text = page
  .replace(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('\\(aq', "'")
  .replaceAll('\\(ti', '~')
  .replaceAll('\\e', '\\')

/** The part of a text from a heading to the next of its kind. */
function section(of: string, heading: string, next: RegExp): string {
  const from = of.indexOf(`${heading}\n`)
  expect(from, heading).toBeGreaterThanOrEqual(0)
  const rest = of.slice(from + heading.length + 1)
  return rest.slice(0, next.exec(rest)?.index ?? rest.length)
}

/** Flags in the part of the page or of a help text, long ones only. */
function longFlags(part: string): string[] {
  return [...part.matchAll(/^(?: {2})?(?:-\w, )?(--[a-z0-9-]+)/gm)]
    .map(([, flag]) => flag ?? '')
    .sort()
}

/** Of what completions offer for a word, the words. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout } = await runOnce(['__complete', ...words])
  return stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split('\t')[0] ?? '')
}

async function help(...words: string[]): Promise<string> {
  return (await runOnce([...words, '--help'])).stdout
}

describe('tphctl(1)', () => {
  it('is what the build wrote', async () => {
    expect(page).toBe(await manualPage())
  })

  it('has the sections of a manual, in their order', () => {
    expect([...page.matchAll(/^\.SH (.+)$/gm)].map(([, name]) => name)).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'COMMANDS',
      'OPTIONS',
      'GRAMMAR',
      'OUTPUT',
      'EXIT STATUS',
      'ENVIRONMENT',
      'FILES',
      'NOTES',
      'EXAMPLES',
      'SEE ALSO',
    ])
  })

  it('has the commands of --help, and completions have them', async () => {
    const inPage = [...page.matchAll(/^\.SS (.+)$/gm)].map(([, name]) => name)
    const listed = section(await help(), 'Commands:', /^$/m)
    const inHelp = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name)
    expect(inPage).toEqual(inHelp)
    expect(await offered('')).toEqual(inHelp)
  })

  it('has the global options of --help, and completions have them', async () => {
    const inPage = longFlags(section(text, '.SH OPTIONS', /^\.SH/m))
    expect(inPage).toEqual(longFlags(section(await help(), 'Options:', /^$/m)))
    expect((await offered('--')).sort()).toEqual(inPage)
  })

  it.each(Object.keys(commandTable))(
    'has the options of %s --help, and completions have them',
    async (name) => {
      const inPage = longFlags(section(text, `.SS ${name}`, /^\.S[HS]/m))
      const shown = await help(name)
      const own = longFlags(section(shown, 'Options:', /^$/m)).filter((flag) => flag !== '--help')
      expect(inPage).toEqual(own)
      const globals = longFlags(section(shown, 'Global Options:', /^$/m)).filter(
        (flag) => flag !== '--version',
      )
      expect((await offered(name, '--')).sort()).toEqual(['--help', ...own, ...globals].sort())
    },
  )

  it('has every example and exit code', async () => {
    const examples = section(text, '.SH EXAMPLES', /^\.SH/m)
    for (const entry of Object.values(commandTable)) {
      for (const example of (await entry.load()).examples) expect(examples).toContain(example)
    }
    const codes = section(text, '.SH EXIT STATUS', /^\.SH/m)
    for (const code of Object.values(EXIT)) expect(codes).toContain(`.TP\n${code}\n`)
  })

  it('has every variable of the environment that is read', () => {
    const known = section(text, '.SH ENVIRONMENT', /^\.SH/m)
    const names = readSources().flatMap(({ text: source }) =>
      [...source.matchAll(/\benv\[?.{0,3}'([A-Z_]{3,})'|fromEnv\(io, '([A-Z_]+)'\)/g)].map(
        ([, one, other]) => one ?? other ?? '',
      ),
    )
    expect(names.length).toBeGreaterThan(8)
    for (const name of names) expect(known).toContain(`\n${name}\n`)
  })
})

/** What lets people read a manual, and what looks for mistakes in one. */
const READERS: readonly (readonly [string, readonly string[]])[] = [
  ['man', ['--warnings', '-l', PAGE]],
  ['groff', ['-ww', '-man', '-Tutf8', '-z', PAGE]],
  ['mandoc', ['-Tlint', '-W', 'style', PAGE]],
]

describe.each(READERS)('the page in %s', (program, argv) => {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

  it.skipIf(!isThere)(
    `has nothing to complain about${isThere ? '' : ' (skipped: not installed)'}`,
    () => {
      const env = { ...process.env, LC_ALL: 'C.UTF-8', MANPAGER: 'cat' }
      const { stdout, stderr } = spawnSync(program, argv, { encoding: 'utf8', env })
      expect(stderr).toBe('')
      if (program !== 'mandoc') return
      // A page that is made in the build, from sources without a date, has none.
      expect(stdout.split('\n').filter((line) => !/missing date|^$/.test(line))).toEqual([])
    },
  )
})
