import { escapeUnseen, jsonText } from '../args/quote.ts'
import type { Context } from '../context.ts'
import { wrapText } from '../format/flow.ts'
import { drawPage, ENTER_SCREEN, LEAVE_SCREEN } from '../format/screen.ts'
import type { WatchEvent, Watcher } from '../tph/watcher.ts'

/** Where what is watched is shown. */
export interface Display {
  /** Shows what happened since the last time, if anything did. */
  show(events: readonly WatchEvent[]): Promise<void>
  /** Shows the same again on a terminal of another size, or so many lines further down. */
  redraw(further: number): Promise<void>
  /** Puts the terminal back. */
  end(): void
}

/** A display of nothing but what is written when something happens. */
function writing(
  context: Context,
  text: (events: readonly WatchEvent[]) => Promise<string>,
): Display {
  return {
    async show(events) {
      if (events.length > 0) context.io.stdout.write(await text(events))
    },
    async redraw() {},
    end() {},
  }
}

/** A line of json for each event. */
export function eventLines(context: Context): Display {
  return writing(context, async (events) => events.map((event) => `${jsonText(event)}\n`).join(''))
}

/** Whole pictures one below the other, for terminals that can do no more. */
export function pictures(context: Context, watcher: Watcher): Display {
  return writing(
    context,
    async (events) => `${await drawAll(context, watcher)}\n${newsOf(events)}\n\n`,
  )
}

/**
 * The whole terminal.
 *
 * @param notes what there is to say beside the pictures
 */
export function screen(context: Context, watcher: Watcher, notes: Iterable<string>): Display {
  const { io } = context
  const about = context.host().backend.name === 'mock' ? ['q quits', 'emulated host'] : ['q quits']
  const state = { top: 0, news: '', isOpen: false }
  const draw = async () => {
    const size = io.terminalSize() ?? { columns: 80, rows: 24 }
    const noteLines = [...notes].map((note) => `\n${wrapText(`note: ${note}`, size.columns)}`)
    const text = (await drawAll(context, watcher)) + noteLines.join('')
    const page = drawPage(text, state.top, size, (part) =>
      [...about, ...(part === null ? [] : [`lines ${part}`]), state.news].join(' | '),
    )
    io.stdout.write(`${state.isOpen ? '' : ENTER_SCREEN}${page.text}`)
    state.top = page.top
    state.isOpen = true
  }
  return {
    async show(events) {
      if (events.length === 0 && state.isOpen) return
      state.news = newsOf(events)
      await draw()
    },
    async redraw(further) {
      state.top += further
      await draw()
    },
    end() {
      if (state.isOpen) io.stdout.write(LEAVE_SCREEN)
    },
  }
}

async function drawAll(context: Context, { maps, gone }: Watcher): Promise<string> {
  const drawn: string[] = []
  for (const value of maps) drawn.push(await context.draw({ kind: 'map', value }))
  drawn.push(...gone.map((device) => `${device} is gone\n`))
  return drawn.length > 0 ? drawn.join('\n') : 'no device to watch yet\n'
}

/** What happened last, and when, in local time. */
function newsOf(events: readonly WatchEvent[]): string {
  const last = events.at(-1)
  if (last === undefined) return 'nothing happened'
  const time = new Date(last.time).toTimeString().slice(0, 8)
  if (last.event === 'start') return `no change since ${time}`
  const what = last.message ?? last.changed?.join(', ')
  return `${time} ${last.event}${what ? `: ${escapeUnseen(what)}` : ''}`
}
