/** What a piece of text stands for; a terminal shows it as a colour. */
export type Tone = 'heading' | 'good' | 'caution' | 'bad' | 'faint' | 'plain'

/** Gives text the look of its tone. */
export type Paint = (tone: Tone, text: string) => string

/** Leaves text as it is. */
export const plainPaint: Paint = (_, text) => text

/** Colours text. Loads chalk, so it is asked for only when colour is on. */
export async function colourPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  const paints: Readonly<Record<Tone, (text: string) => string>> = {
    heading: chalk.bold,
    good: chalk.green,
    caution: chalk.yellow,
    bad: chalk.red,
    faint: chalk.dim,
    plain: (text) => text,
  }
  return (tone, text) => paints[tone](text)
}
