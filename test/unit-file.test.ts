import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ANALYZE, verifyUnit } from './helpers/systemd-analyze.ts'

const UNIT = new URL('../share/tphctl@.service', import.meta.url)
const unit = readFileSync(UNIT, 'utf8')

/** No BDF can be the instance: a colon means an alias to the tool. */
const verify = (text: string) => verifyUnit('tphctl@device.service', text)

describe('share/tphctl@.service', () => {
  it('allows the nodes by the names that the kernel registers (drivers/vfio/{group,device_cdev}.c)', () => {
    expect(unit).toMatch(/^DeviceAllow=char-vfio rw$/m)
    expect(unit).toMatch(/^DeviceAllow=char-vfio-dev rw$/m)
  })

  it('holds its instance and sets the file named after it', () => {
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/tphctl hold %i -f \/etc\/tphctl\.d\/%i\.entries$/m)
    expect(unit).toMatch(/^Type=notify$/m)
  })

  const missing = ANALYZE === undefined ? ' (skipped: there is no systemd-analyze)' : ''
  describe.skipIf(ANALYZE === undefined)(`by systemd-analyze verify${missing}`, () => {
    it('is a unit without a complaint', () => {
      expect(verify(unit)).toEqual({ exitCode: 0, said: '' })
    })

    it.each([
      ['a misspelt key', unit.replace(/^ProtectHome=/m, 'ProtecHome='), 'ProtecHome'],
      [
        'a program that is not there',
        unit.replace('/usr/bin/kill', '/nonexistent'),
        '/nonexistent',
      ],
    ])('would be told of %s', (_, text, complaint) => {
      expect(verify(text).said).toContain(complaint)
    })
  })
})
