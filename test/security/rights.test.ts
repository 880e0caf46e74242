import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { NOTES } from '../../src/manual/text.ts'
import { RIGHTS } from './rights.ts'

const ROOT = new URL('../../', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, ROOT), 'utf8')
const document = read('SECURITY.md')
const table = document.slice(document.indexOf('## Least rights'))

/** What may borrow; which setpriv(1) can leave a process as root with. */
const BORROW = ['sys_ptrace', 'dac_read_search']

/** The capabilities that text names. */
const named = (text: string) => [...new Set(text.match(/CAP_[A-Z_]+[A-Z]/g))].sort()

describe('the least rights', () => {
  it('are stated of each command that works on a device', () => {
    for (const name of Object.keys(commandTable)) {
      if (name !== 'mock') expect(table, name).toContain(`\`${name}\``)
    }
    for (const { command, stated = `\`${command}\``, needs } of RIGHTS) {
      const row = table.split('\n').find((line) => line.startsWith('|') && line.includes(stated))
      expect(row?.includes('CAP_SYS_ADMIN') ?? false, command).toBe(
        needs.includes('sys_admin') || needs.length === 0,
      )
      if (needs.includes('sys_ptrace')) expect(row, command).toContain('borrow')
    }
  })

  it('are named in the manual as well', () => {
    expect(named(NOTES.join(' '))).toEqual(named(table))
  })

  it.each(['tphctl-apply.service', 'tphctl-watch.service', 'tphctl@.service'])(
    'are the bounds of %s, and what a drop-in may add is named in it',
    (name) => {
      const unit = read(`share/${name}`)
      const bounds = /^CapabilityBoundingSet=(.*)$/m.exec(unit)?.[1] ?? ''
      expect(named(bounds)).toEqual(['CAP_DAC_READ_SEARCH', 'CAP_SYS_ADMIN', 'CAP_SYS_PTRACE'])
      if (name === 'tphctl@.service') expect(unit).toMatch(/^#.*CAP_SYS_RAWIO/m)
    },
  )
})

/** Another user than the process's, with exactly those capabilities. */
function as(
  user: number,
  capabilities: readonly string[],
  program: string,
  words: readonly string[],
) {
  const exactly = ['-all', ...capabilities.map((name) => `+${name}`)].join(',')
  const sets = ['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=${exactly}`)
  const ids = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups']
  return spawnSync('setpriv', [...ids, ...sets, '--', program, ...words], { encoding: 'utf8' })
}

const works = as(65534, BORROW, '/bin/true', []).status === 0
const why = works ? '' : ' (skipped: setpriv cannot give these rights here)'

describe.skipIf(!works)(`to see the open files of another user's process${why}`, () => {
  const sees = (capabilities: readonly string[]): boolean => {
    const child: ChildProcess = spawn('sleep', ['60'], {
      uid: 1234,
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    return (
      as(65534, capabilities, '/bin/readlink', [`/proc/${child.pid}/fd/0`]).stdout === '/dev/null\n'
    )
  }

  it('takes CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, both and no other', () => {
    expect(sees(BORROW)).toBe(true)
    for (const less of [[], ['sys_ptrace'], ['dac_read_search'], ['sys_admin']]) {
      expect(sees(less), less.join()).toBe(false)
    }
  })
})
