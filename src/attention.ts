import type { Attention, Happening } from './io.ts'

const ESC = '\u001b'
/** A key as a terminal sends it: a character, or the sequence of a special one. */
const KEY = new RegExp(`${ESC}(?:\\[[\\d;]*|O)[A-Za-z~]|.`, 'gsu')

type SignalListener = (name: NodeJS.Signals, number: number) => void

/** The part of a process that tells of signals. */
export interface SignalSource {
  on(name: NodeJS.Signals, listener: SignalListener): unknown
  off(name: NodeJS.Signals, listener: SignalListener): unknown
}

/** The part of a terminal that tells of keys. */
export interface KeySource {
  setRawMode(isRaw: boolean): unknown
  setEncoding(encoding: 'utf8'): unknown
  on(name: 'data', listener: (keys: string) => void): unknown
  off(name: 'data', listener: (keys: string) => void): unknown
  pause(): unknown
}

/** Tells of signals, keys and changes of the terminal's size. @param keys null for none */
export function attend(
  source: SignalSource,
  keys: KeySource | null,
  signals: readonly NodeJS.Signals[],
): Attention {
  const arrived: Happening[] = []
  let wake = (): void => {}
  const tell = (happening: Happening): void => {
    arrived.push(happening)
    wake()
  }
  const onSignal: SignalListener = (name, number) =>
    tell({ kind: 'signal', signal: { name, number } })
  const onResize = (): void => tell({ kind: 'resize' })
  const onKeys = (keys: string): void => {
    for (const key of keys.match(KEY) ?? []) tell({ kind: 'key', key })
  }
  for (const name of signals) source.on(name, onSignal)
  source.on('SIGWINCH', onResize)
  keys?.setRawMode(true)
  keys?.setEncoding('utf8')
  keys?.on('data', onKeys)
  return {
    async next(milliseconds) {
      if (arrived.length === 0) {
        await atMost(milliseconds, (done) => {
          wake = done
        })
      }
      return arrived.shift() ?? { kind: 'time' }
    },
    end() {
      for (const name of signals) source.off(name, onSignal)
      source.off('SIGWINCH', onResize)
      keys?.off('data', onKeys)
      keys?.setRawMode(false)
      keys?.pause()
    },
  }
}

/** Waits until it is woken or the time is over; the timer keeps the process alive meanwhile. */
function atMost(milliseconds: number, until: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    until(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
