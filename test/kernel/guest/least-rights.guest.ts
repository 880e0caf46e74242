import assert from 'node:assert/strict'
import { chownSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { BORROW, RIGHTS, type Right, type RightsCase } from '../../security/rights.ts'
import { eventsOf } from './events.ts'
import { Holder } from './holder.ts'
import { NIC } from './nic.ts'
import { fail, type Run, type RunOptions, tphctl } from './program.ts'

/*
 * Each command as another user than the device's owner, with exactly the capabilities that SECURITY.md names, and with each of them
 * missing.
 */

const { capability, tableless, msix } = NIC
const NOBODY = 65534
const DESIRED = `version: 1\ndevices:\n  - device: "${capability}"\n    entries: ["2=1"]\n`
const NAME: Readonly<Record<Right, string>> = {
  sys_ptrace: 'CAP_SYS_PTRACE',
  dac_read_search: 'CAP_DAC_READ_SEARCH',
  sys_admin: 'CAP_SYS_ADMIN',
  sys_rawio: 'CAP_SYS_RAWIO',
}

describe('the least rights', () => {
  const folder = mkdtempSync('/tmp/rights-')
  let holder: Holder
  before(async () => {
    chownSync(folder, NOBODY, NOBODY)
    holder = await Holder.start(`${capability} ${tableless}`)
  })
  after(() => holder?.end())

  const as = (capabilities: readonly Right[], stdin = ''): RunOptions => ({
    capabilities,
    stdin,
    env: { XDG_RUNTIME_DIR: folder },
  })
  const lineOf = ({ line }: RightsCase) =>
    line.replace('DEVICE', capability).replace('PLAIN', tableless)
  const run = (one: RightsCase, rights: readonly Right[]): Promise<Run> =>
    tphctl(lineOf(one), as(rights, DESIRED))

  for (const one of RIGHTS) {
    const names = one.needs.map((right) => NAME[right]).join(', ') || 'nothing'
    it(`${one.command} takes ${names}`, async () => {
      const { status, stdout, stderr } = await run(one, one.needs)
      assert.equal(status, 0, `${stdout}${stderr}`)
    })

    for (const missing of one.needs) {
      it(`${one.command} without ${NAME[missing]} is refused, and the hint names it`, async () => {
        const left = one.needs.filter((right) => right !== missing)
        const { status, stdout, stderr } = await run(one, left)
        const said = `exit code ${status}\n${stdout}${stderr}`
        assert.equal(status, one.command === 'doctor' ? 1 : 5, said)
        assert.match(stdout + stderr, new RegExp(NAME[missing]), said)
      })
    }
  }

  describe('of watch', () => {
    const file = `${folder}/desired.yaml`
    before(() => writeFileSync(file, DESIRED))
    const lines = { look: `watch ${capability}`, apply: `watch --apply -f ${file}` }

    it('are to borrow: it sees the entries', async () => {
      const [start] = await eventsOf(lines.look, 1, as(BORROW))
      assert.equal(start?.reason, null)
      assert.notEqual(start.entries, null)
    })

    it('are to borrow with --apply too', async () => {
      const events = await eventsOf(lines.apply, 2, as(BORROW))
      assert.deepEqual(
        events.map(({ event }) => event),
        ['start', 'done'],
      )
    })

    for (const missing of BORROW) {
      const left = BORROW.filter((right) => right !== missing)
      for (const line of Object.values(lines)) {
        it(`without ${NAME[missing]} "${line}" sees no entry, and says why`, async () => {
          const [start] = await eventsOf(line, 1, as(left))
          assert.equal(start?.entries, null)
          assert.match(start.reason ?? '', /EACCES|EPERM/)
        })
      }
    }
  })

  describe('of hold, for a device without an IOMMU', () => {
    const nodes = readdirSync('/dev/vfio')
      .filter((name) => name.startsWith('noiommu-'))
      .map((name) => `/dev/vfio/${name}`)
    const owners = new Map(nodes.map((path) => [path, statSync(path).uid]))
    before(() => {
      for (const path of nodes) chownSync(path, NOBODY, 0)
    })
    after(() => {
      for (const [path, uid] of owners) chownSync(path, uid, 0)
    })

    it('are its node, and CAP_SYS_RAWIO', async () => {
      const held = await Holder.start(`${msix} --open group`, as(['sys_rawio', 'sys_admin']))
      const { status, stderr } = await held.end()
      assert.equal(status, 143, stderr)
    })

    it('without CAP_SYS_RAWIO: refused, and the hint names it', async () => {
      const { hint, errno } = await fail(5, `hold ${msix} --open group`, as(['sys_admin']))
      assert.equal(errno, 'EPERM')
      assert.match(hint ?? '', /CAP_SYS_RAWIO/)
    })
  })

  it('of hold are its node too', async () => {
    const { errno } = await fail(5, `hold ${msix} --open group`, as(['sys_rawio', 'sys_admin']))
    assert.equal(errno, 'EACCES')
  })
})
