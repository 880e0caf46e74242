import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measureDevice } from '../../src/desired/metrics.ts'
import { plainPaint } from '../../src/format/style.ts'
import { escapeLabel, metricsView } from '../../src/format/views/metrics-view.ts'
import { findTphFunction } from '../../src/tph/host.ts'
import { testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { ScriptedDevice } from '../tph/scripted-device.ts'
import { BDF, rigOf } from '../tph/scripted-host.ts'

const TOOL = ['/usr/bin/promtool', '/usr/local/bin/promtool'].find((path) => existsSync(path))

/** promtool's verdict on a text. */
function check(text: string): { exitCode: number | null; said: string } {
  const done = spawnSync(TOOL ?? '', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  return { exitCode: done.status, said: done.stdout + done.stderr }
}

async function metrics(...calls: string[]): Promise<string> {
  const host = testHost()
  for (const call of calls) expect((await host.run(`${call} -q`)).exitCode, call).toBe(0)
  return (await host.run('export --prometheus')).stdout
}

describe('export --prometheus', () => {
  it('counts entries by state, and drift once TPH is on', async () => {
    const text = await metrics('set 81:00.0 0-3=1 4=2', 'enable 81:00.0 --mode iv')
    const of = (name: string) =>
      text.split('\n').filter((line) => line.startsWith(`${name}{device="0000:81:00.0"`))
    expect(of('tphctl_st_entries')).toEqual([
      'tphctl_st_entries{device="0000:81:00.0",state="known"} 5',
      'tphctl_st_entries{device="0000:81:00.0",state="unknown"} 0',
      'tphctl_st_entries{device="0000:81:00.0",state="clear"} 59',
    ])
    expect(of('tphctl_st_distinct_tags')).toEqual([
      'tphctl_st_distinct_tags{device="0000:81:00.0"} 2',
    ])
    expect(of('tphctl_st_drifted_entries')).toEqual([
      'tphctl_st_drifted_entries{device="0000:81:00.0"} 0',
    ])
    expect(text).not.toContain('tphctl_st_drifted_entries{device="0000:82:00.0"')
  })

  it('says that nobody owns a device, and nothing that only an owner could tell', () => {
    const rig = rigOf([new ScriptedDevice(BDF)])
    const { fn, tph } = findTphFunction(rig.host, BDF)
    const value = measureDevice(rig.host, { fn: { ...fn, owner: null }, tph })
    expect(value).toMatchObject({
      ownerPresent: false,
      scraped: true,
      control: null,
      entries: null,
    })
    expect(rig.device.opens).toBe(0)
    const text = metricsView.text?.({ devices: [value] }, { paint: plainPaint, width: 80 }) ?? ''
    expect(text).toContain(`tphctl_owner_present{device="${BDF}"} 0\n`)
    expect(text).not.toContain('tphctl_tph_enabled')
  })

  it('does not say that nobody owns a device where owners cannot be seen', () => {
    const rig = rigOf([new ScriptedDevice(BDF)])
    const { fn, tph } = findTphFunction(rig.host, BDF)
    rig.device.script = ({ op }) => (op === 'probe' ? -25 : undefined)
    const value = measureDevice(rig.host, { fn: { ...fn, owner: null, ownerVisible: false }, tph })
    expect(value).toMatchObject({ ownerPresent: null, scraped: false })
  })

  it('--to writes them for the textfile collector', async () => {
    const host = testHost()
    const path = join(temporaryDirectory(), 'tphctl.prom')
    expect(await host.run(['export', '--prometheus', '--to', path])).toMatchObject({ stdout: '' })
    expect(readFileSync(path, 'utf8')).toBe((await host.run('export --prometheus')).stdout)
  })

  it('escapes labels', () => {
    expect(escapeLabel('a"b\\c\nd')).toBe('a\\"b\\\\c\\nd')
  })

  const missing = TOOL === undefined ? ' (skipped: there is no promtool)' : ''
  describe.skipIf(TOOL === undefined)(`by promtool check metrics${missing}`, () => {
    it('is without a complaint', async () => {
      const text = await metrics('set 81:00.0 0-3=1', 'enable 81:00.0 --mode iv')
      expect(check(text)).toEqual({ exitCode: 0, said: '' })
    })

    it('would be told of a metric without help', () => {
      expect(check('tphctl_x{device="a"} 1\n').exitCode).not.toBe(0)
    })
  })
})
