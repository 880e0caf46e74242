import { describe, expect, it } from 'vitest'
import type { Owner } from '../../src/backend/types.ts'
import { BusyError, NotFoundError } from '../../src/errors.ts'
import { type OwnerAction, type WatchEvent, Watcher } from '../../src/tph/watcher.ts'
import { expectValid } from '../helpers/schemas.ts'
import { ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const OTHER = '0000:82:00.0'

/** A host on which devices come and go, with and without owners. */
function watchRig(action: OwnerAction | null = null, targets: () => string[] = () => [BDF]) {
  const rig = rigOf([new ScriptedDevice(BDF), new ScriptedDevice(OTHER)])
  const absent = new Set<string>()
  const refreshes = { count: 0 }
  const { backend } = rig
  const [functions, borrow] = [backend.functions.bind(backend), backend.borrow.bind(backend)]
  const state: { owner: Owner | null } = { owner: backend.owner }
  backend.forget = () => void refreshes.count++
  backend.functions = () =>
    functions()
      .filter(({ bdf }) => !absent.has(bdf))
      .map((fn) => ({ ...fn, owner: state.owner }))
  backend.borrow = (bdf) => {
    if (state.owner === null) throw new BusyError('Cannot reach the device: nobody has it')
    return borrow(bdf)
  }
  backend.requireOwner = () => state.owner ?? backend.owner
  const watcher = new Watcher(rig.host, targets, action)
  const poll = async () => {
    const events = await watcher.poll()
    for (const event of events) expectValid('watch-event', JSON.parse(JSON.stringify(event)))
    expect(rig.devices.every(({ opens, closes }) => opens === closes)).toBe(true)
    return events
  }
  return { ...rig, absent, state, watcher, poll, refreshes }
}

const named = (events: readonly WatchEvent[]) =>
  events.map(({ event, device }) => `${event} ${device}`)

function ownerOf(rig: Rig, change: Partial<Owner>): Owner {
  return { ...rig.backend.owner, ...change }
}

describe('Watcher', () => {
  it('begins with the whole picture, and then is silent while nothing changes', async () => {
    const rig = watchRig()
    const [start] = await rig.poll()
    expect(start).toMatchObject({ event: 'start', device: BDF, reason: null })
    expect(start?.nodes?.length).toBeGreaterThan(1)
    expect(await rig.poll()).toEqual([])
    expect(rig.refreshes.count).toBe(2)
  })

  it('tells which entries changed, as they are now', async () => {
    const rig = watchRig()
    await rig.poll()
    rig.device.tags[3] = 0x105
    const [change, ...more] = await rig.poll()
    expect(more).toEqual([])
    expect(change).toMatchObject({
      event: 'change',
      changed: ['entries'],
      entries: { set: '3', cpuUnknown: '3' },
      changedEntries: [{ index: 3, st: 0x105, cpu: null }],
    })
    expect(change).not.toHaveProperty('nodes')
    rig.device.tags[3] = 0x106
    expect(await rig.poll()).toMatchObject([{ changed: [], changedEntries: [{ st: 0x106 }] }])
  })

  it('tells that TPH was turned on', async () => {
    const rig = watchRig()
    await rig.poll()
    new DataView(rig.device.config.buffer).setUint32(0x1a8, 0x301, true)
    const control = { mode: 'iv', requester: 'extended' }
    expect(await rig.poll()).toMatchObject([{ event: 'change', changed: ['control'], control }])
  })

  it('tells that the owner went, came back and restarted', async () => {
    const rig = watchRig()
    await rig.poll()
    rig.state.owner = null
    expect(await rig.poll()).toMatchObject([
      { event: 'owner', owner: null, entries: null, reason: 'nobody has it' },
    ])
    expect(await rig.poll()).toEqual([])
    rig.state.owner = ownerOf(rig, { pid: 5000 })
    expect(await rig.poll()).toMatchObject([{ event: 'owner', owner: { pid: 5000 }, reason: null }])
    rig.state.owner = ownerOf(rig, { pid: 5000, startTime: '100' })
    expect(await rig.poll()).toMatchObject([{ event: 'owner', changed: ['owner'] }])
  })

  it('tells that CPUs went offline', async () => {
    const rig = watchRig()
    await rig.poll()
    const { topology } = rig.backend
    Object.assign(rig.backend, { topology: { ...topology, online: topology.online.slice(0, 8) } })
    expect(await rig.poll()).toMatchObject([{ event: 'change', changed: ['nodes'] }])
  })

  it('goes on when a device goes, and tells when it is back', async () => {
    const rig = watchRig()
    await rig.poll()
    rig.absent.add(BDF)
    expect(named(await rig.poll())).toEqual([`gone ${BDF}`])
    expect([rig.watcher.maps, rig.watcher.gone]).toEqual([[], [BDF]])
    expect(await rig.poll()).toEqual([])
    rig.absent.delete(BDF)
    expect(await rig.poll()).toMatchObject([{ event: 'back', reason: null }])
    expect([rig.watcher.maps.length, rig.watcher.gone]).toEqual([1, []])
  })

  it('goes on when a device shows nothing for a while', async () => {
    const rig = watchRig()
    await rig.poll()
    const config = rig.device.config.slice()
    rig.device.config.fill(0xff)
    expect(await rig.poll()).toMatchObject([{ entries: null, reason: expect.any(String) }])
    rig.device.config.set(config)
    expect(await rig.poll()).toMatchObject([{ reason: null }])
  })

  it('throws for a device that is not there from the start', async () => {
    const rig = watchRig(null, () => ['0000:99:00.0'])
    await expect(rig.watcher.poll()).rejects.toThrow(NotFoundError)
  })

  it('watches devices that come later too', async () => {
    const targets = [BDF]
    const rig = watchRig(null, () => targets)
    expect(named(await rig.poll())).toEqual([`start ${BDF}`])
    targets.push(OTHER, '0000:99:00.0')
    expect(named(await rig.poll())).toEqual([`start ${OTHER}`])
    rig.device.tags[0] = 1
    expect(named(await rig.poll())).toEqual([`change ${BDF}`])
  })
})

describe('the action for an owner', () => {
  /** One that sets entry 0, and fails as often as told before. */
  function actionRig(failures: readonly string[] = []) {
    const left = [...failures]
    const done: string[] = []
    const rig = watchRig((device) => {
      const failure = left.shift()
      if (failure !== undefined) throw new BusyError(failure)
      done.push(device)
      rig.device.tags[0] = 0x101
    })
    return { ...rig, done }
  }

  it('is taken at the start, then for each owner once, and what it changed is told', async () => {
    const rig = actionRig()
    expect(named(await rig.poll())).toEqual([`start ${BDF}`, `done ${BDF}`, `change ${BDF}`])
    expect(await rig.poll()).toEqual([])
    rig.state.owner = ownerOf(rig, { startTime: '100' })
    rig.device.tags[0] = 0
    const events = await rig.poll()
    expect(named(events)).toEqual([`owner ${BDF}`, `done ${BDF}`, `change ${BDF}`])
    expect(rig.done).toEqual([BDF, BDF])
  })

  it('waits for an owner, and is taken again for the same one that left and came back', async () => {
    const rig = actionRig()
    const { owner } = rig.state
    rig.state.owner = null
    expect(named(await rig.poll())).toEqual([`start ${BDF}`])
    rig.state.owner = owner
    expect(named(await rig.poll())).toContain(`done ${BDF}`)
    rig.state.owner = null
    await rig.poll()
    rig.state.owner = owner
    expect(named(await rig.poll())).toContain(`done ${BDF}`)
  })

  it('is tried at each look until it succeeds; a failure is told once', async () => {
    const rig = actionRig(['not ready', 'not ready', 'locked'])
    expect(await rig.poll()).toMatchObject([{}, { event: 'failed', message: 'not ready' }])
    expect(await rig.poll()).toEqual([])
    expect(await rig.poll()).toMatchObject([{ event: 'failed', message: 'locked' }])
    expect(named(await rig.poll())).toEqual([`done ${BDF}`, `change ${BDF}`])
  })

  it('that has a bug ends the watching', async () => {
    const rig = watchRig(() => {
      throw new RangeError('bug')
    })
    await expect(rig.watcher.poll()).rejects.toThrow(RangeError)
  })
})
