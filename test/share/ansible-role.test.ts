import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { type TestShell, testShell } from '../helpers/run-program.ts'

const ROLES = fileURLToPath(new URL('../../share/ansible/roles', import.meta.url))
const missing = [
  ...(spawnSync('ansible-playbook', ['--version']).status === 0 ? [] : ['ansible-core']),
  ...('apply' in commandTable ? [] : ['tphctl apply']),
]

const STATE = {
  version: 1,
  devices: [{ device: '0000:81:00.0', mode: 'iv', entries: ['0-3=0-3'] }],
}

/** A shell with a playbook that has this machine's emulated devices in a state. */
function shellWithPlaybook(state: object): TestShell {
  const shell = testShell()
  const vars = {
    tphctl_state: state,
    tphctl_directory: join(shell.directory, 'tphctl.d'),
    tphctl_owner: process.getuid?.() ?? 0,
  }
  const play = {
    hosts: 'localhost',
    connection: 'local',
    gather_facts: false,
    vars,
    roles: ['tphctl'],
  }
  writeFileSync(join(shell.directory, 'play.json'), JSON.stringify([play]))
  return shell
}

/** Runs the playbook. @returns how many tasks changed something, or null when one failed, and what ansible printed */
async function play({ directory, sh }: TestShell, options = '') {
  const env = {
    HOME: directory,
    ANSIBLE_ROLES_PATH: ROLES,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_LOCALHOST_WARNING: 'False',
    ANSIBLE_INVENTORY_UNPARSED_WARNING: 'False',
    LC_ALL: 'C.UTF-8',
  }
  const { stdout, stderr } = await sh(`ansible-playbook play.json ${options}`, { env })
  const [, changed, failed] = /changed=(\d+) .*failed=(\d+)/.exec(stdout) ?? []
  expect(changed, stdout + stderr).toMatch(/^\d+$/)
  return { changed: failed === '0' ? Number(changed) : null, printed: stdout }
}

async function tags({ tphctl }: TestShell): Promise<string> {
  return (await tphctl(['get', '81:00.0', '0-3'])).stdout
}

const reason = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', ')})`

describe.skipIf(missing.length > 0)(`the role${reason}`, () => {
  it('applies the state, and changes nothing the second time', async () => {
    const shell = shellWithPlaybook(STATE)
    expect((await play(shell)).changed).toBe(3)
    expect(await tags(shell)).toMatch(/^0\t0x0100\t0\tvm\n1\t0x0101\t1\tvm\n/)
    expect((await play(shell)).changed).toBe(0)
    const file = readFileSync(join(shell.directory, 'tphctl.d/ansible.json'), 'utf8')
    expect(JSON.parse(file)).toEqual(STATE)
  })

  it('sends nothing in check mode, and says what would change', async () => {
    const shell = shellWithPlaybook(STATE)
    expect((await play(shell, '--check')).changed).toBe(3)
    expect(await tags(shell)).not.toContain('0x0100')
    expect(existsSync(join(shell.directory, 'tphctl.d'))).toBe(false)
    await play(shell)
    expect((await play(shell, '--check')).changed).toBe(0)
  })

  it('says in check mode that a mode alone would change', async () => {
    const shell = shellWithPlaybook(STATE)
    await play(shell)
    await shell.tphctl(['disable', '81:00.0'])
    expect((await play(shell, '--check')).changed).toBe(1)
  })

  it('shows what differs with --diff', async () => {
    const { printed } = await play(shellWithPlaybook(STATE), '--check --diff')
    expect(printed).toMatch(/0000:81:00\.0/)
    expect(printed).toMatch(/Show what differs/)
  })

  it('fails as tphctl fails', async () => {
    const shell = shellWithPlaybook({
      version: 1,
      devices: [{ device: '0000:99:00.0', entries: ['0=0'] }],
    })
    const { changed, printed } = await play(shell)
    expect(changed).toBeNull()
    expect(printed).toContain('no PCI function has this address')
  })

  it('says nothing of a host without devices', async () => {
    const shell = shellWithPlaybook({ version: 1, devices: [] })
    await play(shell)
    expect((await play(shell)).changed).toBe(0)
  })
})
