import { describe, expect, it } from 'vitest'
import {
  BusyError,
  type ErrorCode,
  EXIT,
  NotFoundError,
  PermissionError,
  RefusedError,
  TphctlError,
  UnsupportedError,
  UsageError,
} from '../src/errors.ts'
import { makeNotices, reportError } from '../src/report.ts'
import { fakeIo } from './helpers/fake-io.ts'
import { expectValid } from './helpers/schemas.ts'

/** What is said of an error, and the exit code. */
function report(error: unknown, json = false) {
  const { io, written } = fakeIo()
  const { exitCode } = reportError(error, io, json)
  expect(written.stdout).toBe('')
  return { exitCode, stderr: written.stderr }
}

describe('reportError', () => {
  it.each([
    [new RefusedError('Cannot x: y'), 1, 'refused'],
    [new UsageError('Cannot x: y'), 2, 'usage'],
    [new UnsupportedError('Cannot x: y'), 3, 'unsupported'],
    [new NotFoundError('Cannot x: y'), 4, 'notFound'],
    [new PermissionError('Cannot x: y'), 5, 'permission'],
    [new BusyError('Cannot x: y'), 6, 'busy'],
    [new TphctlError('drift', 'Cannot x: y'), 7, 'drift'],
    [new TphctlError('internal', 'Cannot x: y'), 8, 'internal'],
  ])('%o is exit code %i', (error, exitCode, code) => {
    expect(report(error)).toEqual({ exitCode, stderr: 'tphctl: Cannot x: y\n' })
    const json = report(error, true)
    expect(json.exitCode).toBe(exitCode)
    expect(expectValid('error', JSON.parse(json.stderr))).toMatchObject({
      error: { code, exitCode },
    })
  })

  it('knows every exit code that there is', () => {
    const codes = Object.keys(EXIT).filter((code): code is ErrorCode => code !== 'ok')
    for (const code of codes) {
      const { stderr } = report(new TphctlError(code, 'Cannot x: y'), true)
      expectValid('error', JSON.parse(stderr))
    }
  })

  it('says the device first and the hint last', () => {
    const error = new RefusedError('Cannot x: y', { device: '0000:81:00.0', hint: 'do z' })
    expect(report(error).stderr).toBe('tphctl: 0000:81:00.0: Cannot x: y\nhint: do z\n')
  })

  it('as json has every field on one line, null where there is nothing', () => {
    const error = new RefusedError('Cannot x:\ny', { errno: 'EIO' })
    const { stderr } = report(error, true)
    expect(stderr.indexOf('\n')).toBe(stderr.length - 1)
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'refused',
        exitCode: 1,
        message: 'Cannot x:\ny',
        hint: null,
        device: null,
        errno: 'EIO',
      },
    })
  })

  it('lets no control character through to a terminal', () => {
    const error = new UsageError('Cannot \u001b[31mx\n', { hint: 'a\u202eb' })
    expect(report(error).stderr).toBe('tphctl: Cannot \\u001b[31mx\\u000a\nhint: a\\u202eb\n')
  })

  it.each([new RangeError('boom'), 'boom', undefined, { code: 'EIO' }])(
    'calls %o a bug',
    (thrown) => {
      const text = report(thrown)
      expect(text.exitCode).toBe(8)
      expect(text.stderr).toMatch(/^tphctl: Cannot go on: a bug in tphctl .+\nhint: report it .+\n/)
      const json = report(thrown, true)
      expect(json.exitCode).toBe(8)
      expect(expectValid('error', JSON.parse(json.stderr))).toMatchObject({
        error: { code: 'internal', stack: expect.any(String) },
      })
    },
  )

  it('lets none through in the stack of a bug, nor in json', () => {
    const error = new RangeError('a\u001b[31m\u009b\u202e')
    const { stderr } = report(error)
    expect(stderr).toContain('RangeError: a\\u001b[31m\\u009b\\u202e\n    at ')
    const json = report(error, true).stderr
    expect(json).toContain('a\\u001b[31m\\u009b\\u202e')
    for (const character of '\u001b\u009b\u202e') expect(json + stderr).not.toContain(character)
  })

  it('shows the stack of a bug', () => {
    expect(report(new RangeError('boom')).stderr).toMatch(/RangeError: boom\n {4}at /)
  })
})

describe('makeNotices', () => {
  const settings = { quiet: false, strict: false }

  it('writes a line each', () => {
    const { io, written } = fakeIo()
    const notices = makeNotices(io, settings, false)
    notices.note('one')
    notices.warn('two\n\u001b')
    expect(written).toEqual({
      stdout: '',
      stderr: 'tphctl: note: one\ntphctl: warning: two\\u000a\\u001b\n',
    })
  })

  it('as json writes an object each', () => {
    const { io, written } = fakeIo()
    const notices = makeNotices(io, settings, true)
    notices.note('one')
    notices.warn('two')
    const lines = written.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map((line) => expectValid('notice', line))).toEqual([
      { note: 'one' },
      { warning: 'two' },
    ])
  })

  it('quiet writes nothing', () => {
    const { io, written } = fakeIo()
    const notices = makeNotices(io, { quiet: true, strict: false }, false)
    notices.note('one')
    notices.warn('two')
    expect(written).toEqual({ stdout: '', stderr: '' })
  })

  it.each([false, true])('strict makes a warning an error, a note not (quiet: %s)', (quiet) => {
    const { io } = fakeIo()
    const notices = makeNotices(io, { quiet, strict: true }, false)
    expect(() => notices.note('one')).not.toThrow()
    expect(() => notices.warn('two')).toThrow(new UsageError('Cannot go on under --strict: two'))
  })
})
