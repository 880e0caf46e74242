import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { attend, type KeySource } from '../src/attention.ts'

/** A terminal that remembers how it is. */
class FakeKeys extends EventEmitter implements KeySource {
  isRaw = false
  isPaused = false
  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw
  }
  setEncoding(): void {}
  pause(): void {
    this.isPaused = true
  }
}

const NOBODY = 60_000

describe('attend()', () => {
  it('tells what happened in its order, what came before it was asked too', async () => {
    const [source, keys] = [new EventEmitter(), new FakeKeys()]
    const attention = attend(source, keys, ['SIGTERM'])
    source.emit('SIGWINCH', 'SIGWINCH', 28)
    source.emit('SIGTERM', 'SIGTERM', 15)
    keys.emit('data', 'q')
    expect(await attention.next(NOBODY)).toEqual({ kind: 'resize' })
    const signal = { name: 'SIGTERM', number: 15 }
    expect(await attention.next(NOBODY)).toEqual({ kind: 'signal', signal })
    expect(await attention.next(NOBODY)).toEqual({ kind: 'key', key: 'q' })
    const later = attention.next(NOBODY)
    keys.emit('data', 'x')
    expect(await later).toEqual({ kind: 'key', key: 'x' })
  })

  it('tells that the time is over', async () => {
    const attention = attend(new EventEmitter(), null, [])
    expect(await attention.next(0)).toEqual({ kind: 'time' })
    expect(await attention.next(5)).toEqual({ kind: 'time' })
  })

  it('tells keys apart that come at once', async () => {
    const [source, keys] = [new EventEmitter(), new FakeKeys()]
    const attention = attend(source, keys, [])
    keys.emit('data', 'j\u001b[A\u001b[6~\u001bOBé\u0003')
    const pressed: unknown[] = []
    for (let i = 0; i < 6; i++) {
      const happening = await attention.next(NOBODY)
      if (happening.kind === 'key') pressed.push(happening.key)
    }
    expect(pressed).toEqual(['j', '\u001b[A', '\u001b[6~', '\u001bOB', 'é', '\u0003'])
  })

  it('takes the terminal, and leaves everything as it was', () => {
    const [source, keys] = [new EventEmitter(), new FakeKeys()]
    const attention = attend(source, keys, ['SIGINT', 'SIGTERM'])
    expect([keys.isRaw, keys.isPaused, source.eventNames().length]).toEqual([true, false, 3])
    attention.end()
    expect([keys.isRaw, keys.isPaused]).toEqual([false, true])
    expect([source.eventNames(), keys.eventNames()]).toEqual([[], []])
  })
})
