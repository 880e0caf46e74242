import { describe, expect, it } from 'vitest'
import { UsageError } from '../src/errors.ts'
import { type RawOptions, readSettings } from '../src/settings.ts'
import { fakeIo, type RunOptions } from './helpers/fake-io.ts'

const read = (options: RawOptions = {}, about: RunOptions = {}) =>
  readSettings(options, fakeIo(about).io)

describe('readSettings', () => {
  it('without options or environment is the real host, in a pipe tsv', () => {
    expect(read()).toMatchObject({
      backend: 'linux',
      mockHost: null,
      isMockHostFromEnvironment: true,
      format: 'tsv',
      colour: false,
      quiet: false,
      verbose: false,
      dryRun: false,
      abi: 'auto',
      featureIndex: 14,
      waitSeconds: 30,
      strict: false,
      trustEnvironment: false,
    })
  })

  it.each([
    [{ abi: 'pci-tph-v8' }, {}, 'pci-tph-v8'],
    [{}, { TPHCTL_ABI: 'tph-st' }, 'tph-st'],
    [{}, { TPHCTL_ABI: '' }, 'auto'],
    [{ abi: 'auto' }, { TPHCTL_ABI: 'tph-st' }, 'auto'],
  ])('%j with %j speaks %s', (options, env, abi) => {
    expect(read(options, { env })).toMatchObject({ abi })
  })

  it('on a terminal is a coloured table', () => {
    expect(read({}, { terminal: true })).toMatchObject({ format: 'table', colour: true })
  })

  it.each([
    [{ backend: 'mock' }, {}, 'mock', null],
    [{}, { TPHCTL_BACKEND: 'mock' }, 'mock', null],
    [{}, { TPHCTL_BACKEND: '' }, 'linux', null],
    [{ backend: 'linux' }, { TPHCTL_BACKEND: 'mock' }, 'linux', null],
    [{ mockHost: 'a' }, {}, 'mock', 'a'],
    [{ mockHost: 'a' }, { TPHCTL_BACKEND: 'linux' }, 'mock', 'a'],
    [{}, { TPHCTL_MOCK_HOST: 'b' }, 'mock', 'b'],
    [{}, { TPHCTL_MOCK_HOST: '' }, 'linux', null],
    [{ mockHost: 'a' }, { TPHCTL_MOCK_HOST: 'b' }, 'mock', 'a'],
    [{ backend: 'linux' }, { TPHCTL_MOCK_HOST: 'b' }, 'linux', null],
    [{}, { TPHCTL_MOCK_HOST: 'b', TPHCTL_BACKEND: 'linux' }, 'linux', null],
  ])('%j with %j is backend %s, dump %s', (options, env, backend, mockHost) => {
    expect(read(options, { env })).toMatchObject({ backend, mockHost })
  })

  it.each([
    [{ backend: 'linux', mockHost: 'a' }, {}, '--mock-host with --backend linux'],
    [{}, { TPHCTL_BACKEND: 'Mock' }, 'TPHCTL_BACKEND "Mock": expected linux or mock'],
    [{ json: true, output: 'tsv' }, {}, 'both json and tsv'],
    [{ json: true, output: 'auto' }, {}, 'both json and auto'],
    [{ wait: '-1' }, {}, 'number of seconds "-1"'],
    [{ wait: '1.5' }, {}, 'number of seconds "1.5"'],
    [{ wait: '' }, {}, 'number of seconds ""'],
    [{ wait: '86401' }, {}, 'from 0 to 86400'],
    [{}, { TPHCTL_ABI: 'v8' }, 'TPHCTL_ABI "v8": expected auto or tph-st or pci-tph-v8'],
    [{ featureIndex: '13' }, {}, 'feature index 13'],
    [{ featureIndex: '65536' }, {}, 'from 0 to 65535'],
    [{}, { TPHCTL_FEATURE_INDEX: '2' }, 'feature index 2'],
    [{}, { TPHCTL_FEATURE_INDEX: '0x10' }, 'feature index "0x10"'],
  ])('rejects %j with %j', (options, env, message) => {
    expect(() => read(options, { env })).toThrow(UsageError)
    expect(() => read(options, { env })).toThrow(message)
  })

  it.each([
    [{ json: true }, 'json'],
    [{ json: true, output: 'json' }, 'json'],
    [{ output: 'ndjson' }, 'ndjson'],
    [{ output: 'table' }, 'table'],
    [{ output: 'auto' }, 'tsv'],
  ])('%j is format %s', (options, format) => {
    expect(read(options)).toMatchObject({ format })
  })

  it('takes the wait and the feature index at their bounds', () => {
    const settings = read({ wait: '0', featureIndex: '65535' })
    expect(settings).toMatchObject({ waitSeconds: 0, featureIndex: 65535 })
    expect(read({ wait: '86400', featureIndex: '14' })).toMatchObject({ waitSeconds: 86400 })
    expect(read({}, { env: { TPHCTL_FEATURE_INDEX: '' } })).toMatchObject({ featureIndex: 14 })
  })
})
