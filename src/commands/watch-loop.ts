import type { Context } from '../context.ts'
import type { Host } from '../tph/host.ts'
import { type OwnerAction, Watcher } from '../tph/watcher.ts'
import type { Outcome } from './spec.ts'
import { type Display, eventLines, pictures, screen } from './watch-displays.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const CTRL_C = '\u0003'
const SIGINT_NUMBER = 2

/** How many lines further keys lead: letters, and arrows and page keys in both forms that terminals send. */
const STEPS: Readonly<Record<string, number>> = {
  j: 1,
  '\u001b[B': 1,
  '\u001bOB': 1,
  ' ': 10,
  '\u001b[6~': 10,
  k: -1,
  '\u001b[A': -1,
  '\u001bOA': -1,
  b: -10,
  '\u001b[5~': -10,
}

/** What to watch, and how. */
export interface WatchWish {
  /** The devices; asked at every look. */
  readonly targets: () => readonly string[]
  /** What to do for a device whose owner appeared or restarted; null for nothing. */
  readonly onOwner: OwnerAction | null
  /** Milliseconds from one look to the next. */
  readonly interval: number
}

/**
 * Watches until q is pressed, a signal comes or the reader of stdout is gone. The terminal is put back in every case.
 *
 * @throws TphctlError for a device that cannot be looked at from the start
 */
export async function watchOn(context: Context, wish: WatchWish): Promise<Outcome> {
  const form = formOf(context)
  const notes = new Set<string>()
  const host = watchingHost(context, form, notes)
  const watcher = new Watcher(host, wish.targets, wish.onOwner)
  const attention = context.io.attend(SIGNALS, form === 'screen')
  const display = {
    events: () => eventLines(context),
    pictures: () => pictures(context, watcher),
    screen: () => screen(context, watcher, notes),
  }[form]()
  try {
    return {
      result: null,
      exitCode: await goOn(context, watcher, display, attention, wish.interval),
    }
  } finally {
    display.end()
    attention.end()
  }
}

/** @returns the exit code */
async function goOn(
  { io }: Context,
  watcher: Watcher,
  display: Display,
  attention: ReturnType<Context['io']['attend']>,
  interval: number,
): Promise<number> {
  let due = Date.now()
  for (;;) {
    if (Date.now() >= due) {
      await display.show(await watcher.poll())
      due = Date.now() + interval
    }
    if (io.stdout.isOver) return 0
    const happening = await attention.next(Math.max(0, due - Date.now()))
    if (happening.kind === 'time') due = Date.now()
    if (happening.kind === 'signal') return 128 + happening.signal.number
    if (happening.kind === 'resize') await display.redraw(0)
    if (happening.kind !== 'key') continue
    const { key } = happening
    if (key === CTRL_C) return 128 + SIGINT_NUMBER
    if (key === 'q' || key === 'Q') return 0
    const further = STEPS[key]
    if (further !== undefined) await display.redraw(further)
  }
}

type Form = 'events' | 'pictures' | 'screen'

/** Events for a program, the whole terminal, or what a simple terminal can show. */
function formOf({ io, asked }: Context): Form {
  if (asked === 'ndjson' || (asked === null && !io.stdout.isTerminal)) return 'events'
  return io.stdout.isTerminal && io.env['TERM'] !== 'dumb' ? 'screen' : 'pictures'
}

/** The host, each of its notes said once. While the screen is taken they are kept, and there is no place for traces. */
function watchingHost({ host, notices, io }: Context, form: Form, notes: Set<string>): Host {
  const opened = host()
  const say = (kind: 'note' | 'warn') => (text: string) => {
    if (notes.has(text)) return
    notes.add(text)
    if (form !== 'screen') notices[kind](text)
  }
  const isTaken = form === 'screen' && io.stderr.isTerminal
  return {
    ...opened,
    trace: isTaken ? null : opened.trace,
    notices: { note: say('note'), warn: say('warn') },
  }
}
