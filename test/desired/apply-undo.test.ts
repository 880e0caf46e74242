import { describe, expect, it } from 'vitest'
import { applyDesiredState } from '../../src/desired/apply.ts'
import { parseDesiredState } from '../../src/desired/parse.ts'
import { undoDevice } from '../../src/tph/undo.ts'
import { testHost } from '../helpers/run-main.ts'
import { putRegister, register } from '../tph/control-rig.ts'
import { set } from '../tph/scripted-commands.ts'
import { BDF, type Rig, rigOf } from '../tph/scripted-host.ts'

/* What undo knows of the modes that apply changes: it is written before they change. */

const OFF = 0
const IV = 0x301

class Killed extends Error {}

async function wanted(device: string) {
  return parseDesiredState([{ name: 'x', text: `version: 1\ndevices: [${device}]\n` }])
}

/** An apply that dies at its nth write of the register, before or behind it, behind a set that could be undone. */
async function killed(rig: Rig, device: string, when: 'before' | 'behind') {
  const state = await wanted(device)
  set(rig, '0=7')
  rig.device.ignoresWrite = () => {
    if (when === 'before') throw new Killed()
    rig.device.ignoresWrite = () => false
    rig.device.script = () => {
      throw new Killed()
    }
    return false
  }
  if (when === 'behind') {
    const read = rig.device.readConfig.bind(rig.device)
    rig.device.readConfig = (offset, length) => {
      if (rig.device.writes.length > 0) throw new Killed()
      return read(offset, length)
    }
    expect(() => applyDesiredState(rig.host, state)).toThrow(Killed)
    rig.device.readConfig = read
  } else expect(() => applyDesiredState(rig.host, state)).toThrow(Killed)
  rig.device.script = () => undefined
  rig.device.ignoresWrite = () => false
}

describe('undo after apply was killed at its change of the mode', () => {
  it.each([
    ['on, before it', OFF, 'mode: iv, entries: ["0-1=1"]', 'before', OFF, 0x101],
    ['on, behind it', OFF, 'mode: iv, entries: ["0-1=1"]', 'behind', IV, 0x101],
    ['on and nothing else, behind it', OFF, 'mode: iv', 'behind', IV, 0x107],
    ['off, before it', IV, 'mode: off, entries: ["0-1=1"]', 'before', IV, 0x107],
    ['off, behind it', IV, 'mode: off, entries: ["0-1=1"]', 'behind', OFF, 0x107],
  ] as const)('to %s, puts both back', async (_, former, device, when, left, tag) => {
    const rig = rigOf()
    putRegister(rig, former)
    await killed(rig, `{device: "${BDF}", ${device}}`, when)
    expect([register(rig), rig.device.tags[0]]).toEqual([left, tag])
    expect(undoDevice(rig.host, BDF, false).error).toBeNull()
    expect([register(rig), rig.device.tags.slice(0, 2)]).toEqual([former, [0x107, 0]])
    expect(undoDevice(rig.host, BDF, false).result.changed).toBe(false)
    expect(rig.device.tags[0]).toBe(0x107)
  })
})

describe('undo after apply failed', () => {
  const TEXT = (...devices: string[]) => `version: 1\ndevices: [${devices.join(', ')}]\n`
  const TWO = TEXT(
    '{device: "81:00.0", mode: iv, entries: ["0=1"]}',
    '{device: "83:00.0", mode: ds}',
  )

  it('and put everything back, is about the command before', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=5')
    const env = { TPHCTL_MOCK_FAULTS: 'write:2=EIO' }
    expect((await host.run('apply -', { stdin: TWO, env })).exitCode).toBe(1)
    expect((await host.run('undo')).stdout).toBe('0000:81:00.0\trestored\t0\t1\tvm\tnone\t-\n')
  })

  it('and could not put a mode back, puts that back and no more', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=5')
    const env = { TPHCTL_MOCK_FAULTS: 'write:2=EIO,write:3=EIO' }
    expect((await host.run('apply -', { stdin: TWO, env })).exitCode).toBe(1)
    expect(await host.run('undo -q')).toMatchObject({
      exitCode: 0,
      stdout: '0000:81:00.0\trestored\t-\t-\t-\t-\tmode iv -> off\n',
    })
    expect((await host.run('get 81:00.0 0')).stdout).toBe('0\t0x0105\t5\tvm\n')
  })
})

describe('apply whose ledger cannot be written', () => {
  it('changes no mode, of no device, and leaves the undo of the others as it was', async () => {
    const rig = rigOf()
    set(rig, '0=7')
    const state = await wanted(`{device: "${BDF}", mode: iv}`)
    rig.backend.ledger.directory = '/proc/nowhere'
    expect(() => applyDesiredState(rig.host, state)).toThrow(
      expect.objectContaining({
        device: BDF,
        message: expect.stringMatching(/^Cannot write ledger /),
      }),
    )
    expect([register(rig), rig.device.writes]).toEqual([OFF, []])
  })
})
