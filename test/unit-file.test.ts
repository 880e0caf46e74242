import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from './helpers/temporary.ts'

const UNIT = new URL('../share/tphctl@.service', import.meta.url)
const unit = readFileSync(UNIT, 'utf8')

const TOOL = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find((path) => existsSync(path))

/** systemd-analyze on the unit with a program that is there. No BDF can be the instance: a colon means an alias to the tool. */
function verify(text: string): { exitCode: number | null; said: string } {
  const path = join(temporaryDirectory(), 'tphctl@device.service')
  writeFileSync(path, text.replace(/^(ExecStart=)\S+/m, '$1/bin/true'))
  const done = spawnSync(TOOL ?? '', ['verify', '--man=no', path], { encoding: 'utf8' })
  return { exitCode: done.status, said: done.stdout + done.stderr }
}

describe('share/tphctl@.service', () => {
  it('allows the nodes by the names that the kernel registers (drivers/vfio/{group,device_cdev}.c)', () => {
    expect(unit).toMatch(/^DeviceAllow=char-vfio rw$/m)
    expect(unit).toMatch(/^DeviceAllow=char-vfio-dev rw$/m)
  })

  it('holds its instance and sets the file named after it', () => {
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/tphctl hold %i -f \/etc\/tphctl\.d\/%i\.entries$/m)
    expect(unit).toMatch(/^Type=notify$/m)
  })

  const missing = TOOL === undefined ? ' (skipped: there is no systemd-analyze)' : ''
  describe.skipIf(TOOL === undefined)(`by systemd-analyze verify${missing}`, () => {
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
