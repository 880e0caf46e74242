import type { Context } from '../context.ts'
import type { Watcher } from '../tph/watcher.ts'
import type { Outcome } from './spec.ts'
import type { Display } from './watch-displays.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const CTRL_C = '\u0003'
const SIGINT_NUMBER = 2

/** How many lines further keys lead. */
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

/**
 * Watches until q is pressed, a signal comes or the reader of stdout is gone. The terminal is put back in every case.
 *
 * @param milliseconds from one look to the next
 */
export async function watchOn(
  { io }: Context,
  watcher: Watcher,
  display: Display,
  milliseconds: number,
): Promise<Outcome> {
  const attention = io.attend(SIGNALS, display.takesKeys)
  try {
    await display.show(await watcher.poll())
    for (let due = Date.now() + milliseconds; !io.stdout.isOver; ) {
      const happening = await attention.next(Math.max(0, due - Date.now()))
      if (happening.kind === 'signal') return ended(128 + happening.signal.number)
      if (happening.kind === 'resize') await display.redraw(0)
      if (happening.kind === 'key') {
        const { key } = happening
        if (key === CTRL_C) return ended(128 + SIGINT_NUMBER)
        if (key === 'q' || key === 'Q') return ended(0)
        await display.redraw(STEPS[key] ?? 0)
      }
      if (happening.kind !== 'time') continue
      await display.show(await watcher.poll())
      due = Date.now() + milliseconds
    }
    return ended(0)
  } finally {
    display.end()
    attention.end()
  }
}

function ended(exitCode: number): Outcome {
  return { result: null, exitCode }
}
