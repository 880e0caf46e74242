import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doctorHost } from '../doctor/doctor-host.ts'
import { PROGRAM, testShell } from '../helpers/run-program.ts'

/** Everything below a folder that is no link, by its path there, with its permissions. */
function modesBelow(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const stats = lstatSync(join(folder, name))
    if (stats.isSymbolicLink()) return []
    const kind = stats.isDirectory() ? 'd' : '-'
    return [[name, kind + (stats.mode & 0o7777).toString(8)] as [string, string]]
  })
}

/** What of them is not for its user alone. */
function othersMay(modes: readonly (readonly [string, string])[]): unknown[] {
  return modes.filter(([, mode]) => mode !== 'd700' && mode !== '-600')
}

describe.each(['000', '022', '077', '277', '777'])('with umask %s', (umask) => {
  const sh = async (script: string) => {
    const shell = testShell()
    const env = {
      TPHCTL_CODE_CACHE: join(shell.directory, 'made/code'),
      TPHCTL_MOCK_STATE: join(shell.directory, 'made/state'),
    }
    const run = await shell.sh(`umask ${umask}; ${script}`, { env }, [process.execPath, PROGRAM])
    expect(run, run.stderr).toMatchObject({ exitCode: 0 })
    return join(shell.directory, 'made')
  }

  it('the state, ledgers and locks of the emulated host and compiled code are for their user alone', async () => {
    const made = await sh(
      '"$@" set 81:00.0 0-3=0-3 >/dev/null && "$@" undo >/dev/null && "$@" get 81:00.0 0 >/dev/null',
    )
    const modes = modesBelow(made)
    const names = modes.map(([name]) => name).join('\n')
    for (const part of [
      /^state$/m,
      /^state\.ledger\/built-in\/0000:81:00\.0\.json$/m,
      /^state\.locks\/built-in\/0000:81:00\.0$/m,
      /^state\.lock$/m,
      /^code\/.+\/set-device\.cjs$/m,
    ]) {
      expect(names).toMatch(part)
    }
    expect(othersMay(modes)).toEqual([])
    expect(lstatSync(made).mode & 0o777).toBe(0o700)
  })

  it('a state that takes the place of another is', async () => {
    const made = await sh('"$@" set 81:00.0 0=1 >/dev/null && "$@" mock reset >/dev/null')
    expect(othersMay(modesBelow(made))).toEqual([])
  })

  it('the folder of gather, and all in it, is', async () => {
    const { folder } = doctorHost()
    const made = await sh(
      `"$@" gather --root ${folder} --backend linux --to made/deep/bundle >/dev/null`,
    )
    const modes = modesBelow(made)
    expect(modes.length).toBeGreaterThan(20)
    expect(othersMay(modes)).toEqual([])
  })

  it('a file of --to is for all to read, since node_exporter is another user', async () => {
    const shell = testShell()
    const script = `umask ${umask}; "$@" export --prometheus --to metrics.prom && "$@" export --to state.yaml`
    expect(await shell.sh(script, {}, [process.execPath, PROGRAM])).toMatchObject({ exitCode: 0 })
    for (const name of ['metrics.prom', 'state.yaml']) {
      expect((lstatSync(join(shell.directory, name)).mode & 0o7777).toString(8)).toBe('644')
    }
  })
})
