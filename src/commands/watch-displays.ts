import type { Context } from '../context.ts'
import { drawPage, ENTER_SCREEN, LEAVE_SCREEN } from '../format/screen.ts'
import type { WatchEvent, Watcher } from '../tph/watcher.ts'

/** Where what is watched is shown. */
export interface Display {
  /** Whether it takes keys. */
  readonly takesKeys: boolean
  /** Shows what happened since the last time; nothing to show at first takes events too. */
  show(events: readonly WatchEvent[]): Promise<void>
  /** Draws again what it shows, on a terminal of another size, or so many lines further down. */
  redraw(further: number): Promise<void>
  /** Puts the terminal back. */
  end(): void
}

/** The event lines of a pipe. */
export function eventLines({ io }: Context): Display {
  return {
    takesKeys: false,
    async show(events) {
      if (events.length === 0) return
      io.stdout.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    },
    async redraw() {},
    end() {},
  }
}

/** Whole pictures one below the other, for terminals that can do no more. */
export function pictures(context: Context, watcher: Watcher): Display {
  return {
    takesKeys: false,
    async show(events) {
      if (events.length === 0) return
      context.io.stdout.write(`${await drawAll(context, watcher)}\n${newsOf(events)}\n\n`)
    },
    async redraw() {},
    end() {},
  }
}

/** The whole terminal. */
export function screen(context: Context, watcher: Watcher, interval: string): Display {
  const { io } = context
  const emulated = context.host().backend.name === 'mock' ? ['emulated host'] : []
  let [top, picture, news, isOpen] = [0, '', '', false]
  const draw = () => {
    const size = io.terminalSize() ?? { columns: 80, rows: 24 }
    const status = (part: string | null) =>
      [
        'q quits',
        `every ${interval} s`,
        ...emulated,
        ...(part ? [`lines ${part}`] : []),
        news,
      ].join(' | ')
    const page = drawPage(picture, top, size, status)
    top = page.top
    io.stdout.write(`${isOpen ? '' : ENTER_SCREEN}${page.text}`)
    isOpen = true
  }
  return {
    takesKeys: true,
    async show(events) {
      if (events.length === 0) return
      news = newsOf(events)
      picture = await drawAll(context, watcher)
      draw()
    },
    async redraw(further) {
      picture = await drawAll(context, watcher)
      top += further
      draw()
    },
    end() {
      if (isOpen) io.stdout.write(LEAVE_SCREEN)
    },
  }
}

async function drawAll(context: Context, { maps, gone }: Watcher): Promise<string> {
  const drawn = []
  for (const value of maps) drawn.push(await context.draw({ kind: 'map', value }))
  return [...drawn, ...gone.map((device) => `${device} is gone\n`)].join('\n')
}

/** What happened last, and when, in local time. */
function newsOf(events: readonly WatchEvent[]): string {
  const last = events.at(-1)
  if (last === undefined) return ''
  const time = new Date(last.time).toTimeString().slice(0, 8)
  if (last.event === 'start') return `no change since ${time}`
  const what = last.message ?? last.changed?.join(', ')
  return `${time} ${last.event}${what ? `: ${what}` : ''}`
}
