import { type CommandEntry, commandTable } from '../commands/table.ts'
import { globalOptions, HELP_COMMAND, HELP_OPTION, VERSION_OPTION } from '../options.ts'
import { VERSION } from '../version.ts'
import { type Command, commandSection, optionText } from './commands.ts'
import { exitStatus } from './exit-status.ts'
import { bold, escapeRoff, example, prose, tagged } from './roff.ts'
import { DESCRIPTION, ENVIRONMENT, FILES, GRAMMAR, NAME, NOTES, OUTPUT, SEE_ALSO } from './text.ts'

/** The manual tphctl(1) in the man macros, from the command table and the options that --help shows. */
export async function manualPage(): Promise<string> {
  const commands = await Promise.all(Object.entries(commandTable).map(load))
  const sections: readonly (readonly [string, string])[] = [
    ['NAME', `tphctl \\- ${escapeRoff(NAME)}\n`],
    ['SYNOPSIS', '.B tphctl\n[\\fIOPTION\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n'],
    ['DESCRIPTION', paragraphs(DESCRIPTION)],
    ['COMMANDS', [...commands.map(commandSection), helpSection()].join('')],
    ['OPTIONS', [...globalOptions, HELP_OPTION, VERSION_OPTION].map(optionText).join('')],
    ['GRAMMAR', terms(GRAMMAR)],
    ['OUTPUT', terms(OUTPUT)],
    ['EXIT STATUS', exitStatus()],
    ['ENVIRONMENT', terms(ENVIRONMENT)],
    ['FILES', terms(FILES)],
    ['NOTES', paragraphs(NOTES)],
    [
      'EXAMPLES',
      example(commands.flatMap(({ examples }) => examples.map((one) => `tphctl ${one}`))),
    ],
    ['SEE ALSO', `${SEE_ALSO.map(reference).join(',\n')}\n`],
  ]
  const head = `.TH TPHCTL 1 "" "tphctl ${escapeRoff(VERSION)}" "User Commands"\n`
  return head + sections.map(([title, text]) => `.SH ${title}\n${text}`).join('')
}

async function load([name, entry]: [string, CommandEntry]): Promise<Command> {
  const { arguments: words, options, examples } = await entry.load()
  return { name, summary: entry.summary, arguments: words, options, examples }
}

function helpSection(): string {
  const { name, argument, summary } = HELP_COMMAND
  const words = [{ name: argument, description: 'one of those above' }]
  return commandSection({ name, summary, arguments: words, options: [], examples: [] })
}

function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `${prose(text)}\n`).join('.PP\n')
}

function terms(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([tag, text]) => tagged(bold(tag), text)).join('')
}

function reference(page: string): string {
  return page.replace(
    /^(.+)(\(\d\))$/,
    (_, name: string, section: string) => `${bold(name)}${section}`,
  )
}
