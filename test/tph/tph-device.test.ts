import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MockBackend } from '../../src/backend/mock/mock-backend.ts'
import { builtInHost } from '../../src/backend/mock/mock-host.ts'
import { setControl } from '../../src/tph/control.ts'
import { getEntries } from '../../src/tph/get-entries.ts'
import { findTphFunction, type Host } from '../../src/tph/host.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { setMany } from './scripted-commands.ts'

const BDF = '0000:81:00.0'

function hostWith(faults: string): Host {
  const statePath = join(temporaryDirectory(), 'state')
  const backend = new MockBackend({ host: builtInHost(), statePath, faults })
  const notices = { note() {}, warn() {} }
  return { backend, notices, featureIndex: 14, waitSeconds: 0, strict: false, trace: null }
}

/** `set`, `get` and `enable`, each of which uses most of the calls. */
const USES: Readonly<Record<string, (host: Host) => unknown>> = {
  set(host) {
    const { error } = setMany(host, { [BDF]: ['0-3=0-3'] })
    if (error !== null) throw error
  },
  get: (host) => getEntries(host, findTphFunction(host, BDF), [0]),
  enable(host) {
    const { error } = setControl(host, BDF, 'iv', false)
    if (error !== null) throw error
  },
}

describe.each(Object.entries(USES))('%s over the mock', (name, use) => {
  const calls = { set: ['probe', 'get', 'set', 'read'], get: ['probe', 'get', 'read'] }[name] ?? [
    'probe',
    'read',
    'write',
  ]

  it.each(calls)('repeats a %s that a signal interrupted', (call) => {
    expect(() => use(hostWith(`${call}:1=EINTR,${call}:2=EINTR`))).not.toThrow()
  })

  it.each(calls)('gives up on a %s that signals interrupt for ever', (call) => {
    expect(() => use(hostWith(`${call}:*=EINTR`))).toThrow(/EINTR/)
  })

  it.each(calls)('repeats a %s for no other reason', (call) => {
    expect(() => use(hostWith(`${call}:1=EAGAIN`))).toThrow(/EAGAIN/)
  })

  it.each([
    ['EPERM', 'permission'],
    ['EACCES', 'permission'],
    ['ENODEV', 'refused'],
  ])('names %s of a read and counts it as %s', (errno, code) => {
    expect(thrownBy(() => use(hostWith(`read=${errno}`)))).toMatchObject({ code, errno })
  })

  it('reports a device that cannot be opened as an error of the user’s, not a bug', () => {
    expect(thrownBy(() => use(hostWith('open=EPERM')))).toMatchObject({
      code: 'permission',
      errno: 'EPERM',
    })
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
