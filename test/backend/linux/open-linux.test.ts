import { describe, expect, it } from 'vitest'
import { openLinux } from '../../../src/backend/linux/open-linux.ts'
import type { Io } from '../../../src/io.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

const SETTINGS = { pid: null, fd: null, open: null, ephemeral: false }

describe('where the ledgers of a host lie', () => {
  it.each<[number, Io['env'], string]>([
    [0, {}, '/run/tphctl'],
    [0, { XDG_RUNTIME_DIR: '/tmp/mine' }, '/run/tphctl'],
    [1000, {}, '/run/user/1000/tphctl'],
    [1000, { XDG_RUNTIME_DIR: '/tmp/mine' }, '/tmp/mine/tphctl'],
    [1000, { XDG_RUNTIME_DIR: 'mine' }, '/run/user/1000/tphctl'],
    [1000, { XDG_RUNTIME_DIR: '' }, '/run/user/1000/tphctl'],
  ])('of user %i with %j: %s', (uid, env, directory) => {
    const { io } = fakeIo({ env })
    const backend = openLinux({ ...SETTINGS, root: null }, { ...io, uid })
    expect(backend.ledger).toEqual({ directory, sync: true, user: uid })
  })

  it('is below the root of a copy', () => {
    const root = temporaryDirectory()
    const backend = openLinux({ ...SETTINGS, root }, { ...fakeIo().io, uid: 0 })
    expect(backend.ledger.directory).toBe(`${root}/run/tphctl`)
  })
})
