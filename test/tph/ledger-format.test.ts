import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { undoDevice } from '../../src/tph/undo.ts'
import { lastChanged, undoDevices } from '../../src/tph/undo-many.ts'
import { clear, coded, cpus, get, set } from './scripted-commands.ts'
import { BDF, rigOf } from './scripted-host.ts'

/** JSON as it may come from a file. */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const WRONG: readonly (readonly [path: string, value: Json | undefined])[] = [
  ['schemaVersion', 2],
  ['schemaVersion', undefined],
  ['device', null],
  ['device', '0000:82:00.0'],
  ['bootId', 1],
  ['owner', null],
  ['owner.pid', '4711'],
  ['owner.pid', -1],
  ['owner.startTime', 99],
  ['entries', {}],
  ['entries.0', null],
  ['entries.0.index', '0'],
  ['entries.0.index', -1],
  ['entries.0.index', 2048],
  ['entries.0.st', 1.5],
  ['entries.0.st', 0x10000],
  ['entries.0.cpu', null],
  ['entries.0.cpu', 0xffffffff],
  ['entries.0.memoryType', 'xm'],
  ['entries.0', { index: 0, st: 0, cpu: null, memoryType: null }],
  ['entries.0', { index: 0, st: [257], cpu: null, memoryType: null }],
  ['undo', []],
  ['undo', undefined],
  ['undo.command', 1],
  ['undo.change', null],
  ['undo.time', 'now'],
  ['undo.devices', null],
  ['undo.devices', [BDF]],
  ['undo.before', null],
  ['undo.before.0', 'x'],
  ['undo.before.0.index', 2048],
  ['undo.before.0.index', 1e300],
  ['undo.before.0.st', 0x10000],
  ['undo.before.0.st', null],
  ['undo.before.0.cpu', 1],
  ['undo.before.0.cpu', '1'],
  ['undo.before.0.memoryType', 'vm'],
  ['undo.intended', null],
  ['undo.intended.0', null],
  ['undo.intended.0.index', null],
  ['undo.intended.0.cpu', 'x'],
  ['undo.after', undefined],
  ['undo.after', 0],
  ['undo.after.0', 'x'],
  ['undo.after.0', -1],
]

const NOTE = expect.stringMatching(`^${BDF}: .*".*${BDF}.json".* not what tphctl writes`)

/** A host with a good ledger, which `spoil` turns into another text. */
function spoilt(spoil: (text: string) => string) {
  const rig = rigOf()
  set(rig, '0=1')
  const path = join(rig.backend.ledger.directory, `${BDF}.json`)
  writeFileSync(path, spoil(readFileSync(path, 'utf8')))
  return rig
}

/** The same document with one field another one; undefined takes it away. */
function replaced(text: string, path: string, value: Json | undefined): string {
  const document = JSON.parse(text) as Json
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce<Json>(
    (at, name) => (at as { [name: string]: Json })[name] ?? null,
    document,
  )
  expect(parent).toHaveProperty(last)
  Object.assign(parent as object, { [last]: value })
  return JSON.stringify(document)
}

describe.each([
  ...WRONG.map(([path, value]) => ({
    what: `with ${path} ${JSON.stringify(value) ?? 'absent'}`,
    spoil: (text: string) => replaced(text, path, value),
  })),
  ...['null', '{"mode":"iv"}', '{"mode":"off","requester":"off"}'].map((control) => ({
    what: `with undo.control ${control}`,
    spoil: (text: string) => text.replace('"undo":{', `"undo":{"control":${control},`),
  })),
  { what: 'that is empty', spoil: () => '' },
  { what: 'cut in the middle', spoil: (text: string) => text.slice(0, 40) },
  { what: 'of an array', spoil: () => '[]' },
  { what: 'of null', spoil: () => 'null' },
  { what: 'of binary bytes', spoil: () => '\u0000\u00ff' },
])('a ledger $what', ({ spoil }) => {
  it('costs get the CPUs, with a note', () => {
    const rig = spoilt(spoil)
    expect(get(rig, [0])).toEqual([{ index: 0, st: 0x101, cpu: null, memoryType: null }])
    expect(rig.told).toEqual([NOTE])
  })

  it('is refused by undo, which cannot do without, and sends nothing', () => {
    const rig = spoilt(spoil)
    expect(() => undoDevice(rig.host, BDF, false)).toThrow(coded('refused'))
    expect(() => undoDevice(rig.host, BDF, false)).toThrow(`${BDF}.json`)
    const last = lastChanged(rig.host)
    expect(last).toMatchObject({ devices: [], unreadable: [{ code: 'refused', device: BDF }] })
    expect(undoDevices(rig.host, last, false)).toMatchObject({
      devices: [],
      error: { code: 'refused', device: BDF },
    })
    expect([rig.device.tags[0], rig.told]).toEqual([0x101, []])
  })

  it('does not keep set from its work, which replaces it', () => {
    const rig = spoilt(spoil)
    expect(set(rig, '1=2')).toMatchObject({ results: [{ applied: [{ index: 1 }] }], error: null })
    expect(rig.told).toEqual([NOTE])
    expect(cpus(rig, [0, 1])).toEqual([null, 2])
    expect(undoDevice(rig.host, BDF, false).error).toBeNull()
    expect(rig.device.tags.slice(0, 2)).toEqual([0x101, 0])
    expect(rig.told).toEqual([NOTE])
  })

  it('does not keep clear from its work', () => {
    const rig = spoilt(spoil)
    expect(clear(rig, 0)).toMatchObject({ results: [{ changed: true }], error: null })
    expect([rig.device.tags[0], rig.told]).toEqual([0, [NOTE]])
  })
})
