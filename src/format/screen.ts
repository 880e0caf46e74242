const ESC = '\u001b['

/** Takes the whole terminal: the alternate screen, without a cursor, lines cut and not wrapped where they are too long. */
export const ENTER_SCREEN = `${ESC}?1049h${ESC}?25l${ESC}?7l`

/** Gives it back as it was. */
export const LEAVE_SCREEN = `${ESC}?7h${ESC}?25h${ESC}?1049l`

/** A screen full of a longer text. */
export interface Page {
  /** To be written as it is. Lines are cleared first: behind a full one that would take its last character. */
  readonly text: string
  /** The first line shown, from 0. */
  readonly top: number
}

/**
 * A page of a text above a status line.
 *
 * @param top the first line wanted; less where that would leave the page half empty
 * @param status says what is shown, given which lines of how many do not fit; null when all do
 */
export function drawPage(
  text: string,
  top: number,
  size: { readonly columns: number; readonly rows: number },
  status: (part: string | null) => string,
): Page {
  const lines = text.split('\n').slice(0, -1)
  const room = Math.max(1, size.rows - 1)
  const first = Math.max(0, Math.min(top, lines.length - room))
  const shown = lines.slice(first, first + room)
  const part =
    lines.length <= room ? null : `${first + 1}-${first + shown.length} of ${lines.length}`
  const empty = Array<string>(room - shown.length).fill('')
  const last = status(part).slice(0, size.columns - 1)
  const body = [...shown, ...empty].map((line) => `${ESC}K${line}\r\n`).join('')
  return { text: `${ESC}H${body}${ESC}K${last}`, top: first }
}
