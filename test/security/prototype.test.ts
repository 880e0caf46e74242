import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { runMain, runOnce, testHost } from '../helpers/run-main.ts'

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
]

/** What everything inherits, as it was. */
const before = Object.getOwnPropertyNames(Object.prototype)

afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

/** Text of json, since an object of JavaScript has no such keys of its own. */
const nested = (key: string, value: string) =>
  `{"${key}": ${value}, "constructor": {"prototype": ${value}}}`

describe.each(KEYS)('the key %s', (key) => {
  it.each([
    ['at the top of json', `{"version": 1, "devices": [], "${key}": {"polluted": 1}}`],
    [
      'of a device in json',
      `{"version": 1, "devices": [{"device": "81:00.0", "${key}": {"polluted": 1}}]}`,
    ],
    [
      'of a policy in json',
      `{"version": 1, "devices": [{"device": "81:00.0", "policy": {"${key}": {"polluted": 1}}}]}`,
    ],
    ['at the top of yaml', `version: 1\ndevices: []\n${key}:\n  polluted: 1\n`],
    [
      'of a device in yaml',
      `version: 1\ndevices:\n  - device: "81:00.0"\n    ${key}: {polluted: 1}\n`,
    ],
    [
      'merged in yaml',
      `version: 1\ndevices:\n  - device: "81:00.0"\n    <<: {${key}: {polluted: 1}}\n`,
    ],
  ])('%s is an unknown key', async (_, stdin) => {
    const { exitCode, stderr } = await runOnce('apply -', { stdin })
    expect([exitCode, stderr.startsWith('tphctl: stdin:')]).toEqual([2, true])
  })

  it('in a ledger changes nothing but that it may be none', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=1')
    const path = `${host.state}.ledger/built-in/0000:81:00.0.json`
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(
      path,
      `{"schemaVersion":1,"device":"0000:81:00.0",${nested(key, '{"polluted":1}').slice(1)}`,
    )
    expect((await host.run('get 81:00.0 0')).stdout).toBe('0\t0x0101\t-\t-\n')
  })

  it('in the state of the emulated host is no state', async () => {
    const host = testHost()
    writeFileSync(
      host.state,
      `${nested(key, '{"polluted":1}')}\n["${key}","${key}",{"${key}":1}]\n`,
    )
    expect((await host.run('get 81:00.0 0')).exitCode).toBe(2)
  })

  it('as a device in that state is another device', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=1')
    expect((await host.run(['get', key, '0'])).exitCode).toBe(2)
  })

  it.each([
    ['a command', [key]],
    ['help about a command', ['help', key]],
    ['an option', ['list', `--${key}`]],
    ['an option with a value', ['list', `--${key}=1`]],
    ['a format', ['list', '-o', key]],
    ['a mode', ['enable', '81:00.0', '--mode', key]],
    ['a shell', ['completion', key]],
    ['a memory type', ['set', '81:00.0', `0=1@${key}`]],
    ['CPUS', ['set', '81:00.0', `0=${key}`]],
  ])('as %s is wrong usage', async (_, words) => {
    const { exitCode, stderr } = await runOnce(words)
    expect([exitCode, stderr.startsWith('tphctl: Cannot ')]).toEqual([2, true])
  })

  it.each([
    ['TPHCTL_BACKEND', 2],
    ['TPHCTL_MOCK_FAULTS', 2],
    ['TPHCTL_FEATURE_INDEX', 2],
  ])('in %s is wrong usage', async (name, code) => {
    const env = { [name]: name === 'TPHCTL_MOCK_FAULTS' ? `${key}=EIO` : key }
    expect((await runOnce('get 81:00.0 0', { env })).exitCode).toBe(code)
  })

  it('as an errno of TPHCTL_MOCK_FAULTS is wrong usage', async () => {
    const env = { TPHCTL_MOCK_FAULTS: `set=${key}` }
    expect((await runOnce('set 81:00.0 0=1', { env })).exitCode).toBe(2)
  })

  it('as a word to complete is none', async () => {
    for (const words of [
      [key, ''],
      ['help', key],
      ['list', `--${key}`, ''],
    ]) {
      expect(await runMain(['__complete', ...words])).toMatchObject({ exitCode: 0, stderr: '' })
    }
  })
})
