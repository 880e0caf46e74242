import type { Killed } from './trial.ts'

const COLUMNS: Readonly<Record<string, (one: Killed) => boolean>> = {
  kills: () => true,
  'before a call': ({ how }) => how === 'before',
  'half a write': ({ how }) => how === 'half',
  'at random': ({ how }) => how === 'at random',
  'in the middle': ({ inTheMiddle }) => inTheMiddle,
  'undo right': ({ undo }) => undo === 'right',
  'cannot know': ({ undo }) => undo === 'cannot know',
  'next right': ({ next }) => next === 'right',
  'next cannot': ({ next }) => next === 'cannot know',
}

/** What kills came to, a line for each command and one for all. */
export function figures(killed: readonly Killed[]): string {
  const commands = [...new Set(killed.map(({ command }) => command))].sort()
  const rows = [...commands, 'all'].map((command) => {
    const ours = killed.filter((one) => command === 'all' || one.command === command)
    return [command, ...Object.values(COLUMNS).map((is) => String(ours.filter(is).length))]
  })
  return [['command', ...Object.keys(COLUMNS)], ...rows]
    .map((row) =>
      row
        .map((cell) => cell.padEnd(15))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}
