import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ANALYZE, verifyUnit } from './helpers/systemd-analyze.ts'

const read = (name: string) => readFileSync(new URL(`../share/${name}`, import.meta.url), 'utf8')

/** Settings that restrict what a unit may do, without those of its own. */
const restrictions = (text: string) =>
  text.match(/^(?:Protect|Private|Restrict(?!Pre)|NoNew|Lock|SystemCall|Capability|UMask).*$/gm) ??
  []

const held = read('tphctl@.service')
const missing = ANALYZE === undefined ? ' (skipped: there is no systemd-analyze)' : ''

describe.each([
  ['tphctl-apply.service', 'apply --owned', 'oneshot'],
  ['tphctl-watch.service', 'watch --apply', 'exec'],
])('share/%s', (name, call, type) => {
  const unit = read(name)

  it(`calls tphctl ${call}`, () => {
    expect(unit).toContain(`\nExecStart=/usr/bin/tphctl ${call}\n`)
    expect(unit).toContain(`\nType=${type}\n`)
  })

  it('may do what the unit that holds devices may do, but for device nodes', () => {
    expect(restrictions(unit)).toEqual(restrictions(held))
    expect(unit).toContain('\nDevicePolicy=closed\n')
    expect(unit).not.toContain('DeviceAllow')
  })

  it('shares its ledgers and needs desired state', () => {
    expect(unit).toContain('\nRuntimeDirectory=tphctl\n')
    expect(unit).toContain('\nRuntimeDirectoryPreserve=yes\n')
    expect(unit).toContain('\nConditionPathExistsGlob=|/etc/tphctl.d/*.yaml\n')
  })

  it.skipIf(ANALYZE === undefined)(`is without a complaint of systemd-analyze${missing}`, () => {
    expect(verifyUnit(name, unit)).toEqual({ exitCode: 0, said: '' })
  })
})
