import { describe, expect, it } from 'vitest'
import { applyDesiredState } from '../../src/desired/apply.ts'
import { parseDesiredState } from '../../src/desired/parse.ts'
import { expectFailure } from '../helpers/expect-failure.ts'
import { type TestHost, testHost } from '../helpers/run-main.ts'
import { ScriptedDevice } from '../tph/scripted-device.ts'
import { BDF, rigOf } from '../tph/scripted-host.ts'

const state = (...devices: string[]) => `version: 1\ndevices: [${devices.join(', ')}]\n`
const WANTED = state(
  '{device: "81:00.0", mode: iv, entries: ["0-3=0-3", "8-9=6@pm", "5=none"]}',
  '{device: "82:00.0", policy: {l3: 2}}',
)

/** Applies a text; its json. */
async function apply(host: TestHost, text: string, ...words: string[]) {
  const run = await host.run(['apply', '-', '--json', '-q', ...words], { stdin: text })
  return { ...run, value: JSON.parse(run.stdout || 'null') }
}

/** The calls that change a device, in order, as the trace has them. */
function changes(stderr: string): string[] {
  return stderr
    .split('\n')
    .flatMap(
      (line) =>
        /^(?:ioctl VFIO_DEVICE_FEATURE (SET) TPH_ST .*|(write) config .*)$/.exec(line)?.slice(1) ??
        [],
    )
    .filter((word) => word !== undefined)
}

describe('apply', () => {
  it('sends what differs, and the second time nothing', async () => {
    const host = testHost()
    expect((await apply(host, WANTED)).value).toMatchObject({ changed: true })
    const again = await host.run('apply - --json -v', { stdin: WANTED })
    expect(again.exitCode).toBe(0)
    expect(changes(again.stderr)).toEqual([])
    expect(JSON.parse(again.stdout)).toMatchObject({
      changed: false,
      devices: [
        { device: '0000:81:00.0', changed: false, applied: [] },
        { device: '0000:82:00.0', changed: false, applied: [] },
      ],
    })
  })

  it('a policy deals its CPUs out to the whole table in turn', async () => {
    const host = testHost()
    await apply(host, WANTED)
    const { stdout } = await host.run('get 82:00.0')
    const cpus = stdout
      .trim()
      .split('\n')
      .map((line) => Number(line.split('\t')[2]))
    expect(cpus).toEqual(Array.from({ length: 2048 }, (_, i) => 8 + (i % 4)))
  })

  it('leaves alone what is not named', async () => {
    const host = testHost()
    await host.run('set 81:00.0 20=7')
    await host.run('enable 82:00.0 --mode ds')
    await apply(host, WANTED)
    expect((await host.run('get 81:00.0 20')).stdout).toBe('20\t0x0107\t7\tvm\n')
    expect((await host.run('info 82:00.0')).stdout).toContain('control\tds')
  })

  it('sets again what somebody else changed, and only that', async () => {
    const host = testHost()
    await apply(host, WANTED)
    await host.run('set 81:00.0 2=9')
    await host.run('disable 81:00.0')
    expect((await apply(host, WANTED)).value.devices[0]).toMatchObject({
      changed: true,
      applied: [{ index: 2, count: 1, cpus: [2] }],
      control: { wanted: 'iv', fate: 'applied' },
    })
  })

  it('turns TPH on behind the SETs and off before them', async () => {
    const host = testHost()
    const on = state('{device: "81:00.0", mode: iv, entries: ["0=1", "4=1"]}')
    const off = state('{device: "81:00.0", mode: off, entries: ["0=2"]}')
    expect(changes((await host.run('apply - -v', { stdin: on })).stderr)).toEqual([
      'SET',
      'SET',
      'write',
    ])
    expect(changes((await host.run('apply - -v', { stdin: off })).stderr)).toEqual(['write', 'SET'])
  })

  it('touches no device when another one cannot be as wanted', async () => {
    const host = testHost()
    const text = state('{device: "81:00.0", entries: ["0=1"]}', '{device: "84:00.0", mode: iv}')
    const run = await host.run('apply - -v', { stdin: text })
    expect(run.exitCode).toBe(3)
    expect(changes(run.stderr)).toEqual([])
  })

  it('counts an entry whose CPU is not known as different, and says that nothing changed', async () => {
    const rig = rigOf([new ScriptedDevice(BDF)])
    rig.device.tags[0] = 0x101
    const text = state(`{device: "${BDF}", entries: ["0=1"]}`)
    const wanted = await parseDesiredState([{ name: 'x', text }])
    const { value, error } = applyDesiredState(rig.host, wanted)
    expect(error).toBeNull()
    expect(value).toMatchObject({ changed: false, devices: [{ applied: [{ index: 0 }] }] })
    expect(applyDesiredState(rig.host, wanted).value.devices[0]?.applied).toEqual([])
  })

  it('applies to those devices alone that a program asks for', async () => {
    const other = '0000:82:00.0'
    const rig = rigOf([new ScriptedDevice(BDF), new ScriptedDevice(other)])
    const text = state(
      `{device: "${BDF}", entries: ["0=1"]}`,
      `{device: "${other}", entries: ["0=2"]}`,
      '{device: "99:00.0"}',
    )
    const wanted = await parseDesiredState([{ name: 'x', text }])
    const { value } = applyDesiredState(rig.host, wanted, { only: (bdf) => bdf === other })
    expect(value.devices.map(({ device }) => device)).toEqual([other])
    expect(rig.devices.map(({ tags }) => tags[0])).toEqual([0, 0x102])
  })

  it('says what stays when a mode cannot be put back', async () => {
    const host = testHost()
    const text = state('{device: "81:00.0", mode: iv}', '{device: "83:00.0", mode: ds}')
    const env = { TPHCTL_MOCK_FAULTS: 'write:2=EIO,write:3=EIO' }
    const run = await host.run('apply - --json', { stdin: text, env })
    expect(run.exitCode).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({
      changed: true,
      devices: [
        { changed: true, control: { fate: 'applied', control: { mode: 'iv' } } },
        { changed: false, control: { fate: 'failed', control: { requester: 'off' } } },
      ],
    })
    expect(run.stderr).toContain('0000:81:00.0: its mode is not put back: ')
  })

  it('--strict makes an error of a CPU on another socket, with its place', async () => {
    const text = state('{device: "81:00.0", entries: ["0=1", "1=8"]}')
    const { message } = expectFailure(
      await testHost().run('apply - --strict', { stdin: text }),
      'usage',
    )
    expect(message).toMatch(/^stdin:2:\d+: .*--strict: .*CPU 8 is on another socket/)
  })

  it('--dry-run sends nothing and shows all that would be sent', async () => {
    const host = testHost()
    const run = await host.run('apply - -v --dry-run --json', { stdin: WANTED })
    expect(changes(run.stderr)).toEqual([])
    const told = [...Array(3).fill('would ioctl'), 'would write']
    expect(run.stderr.match(/^would \w+/gm)).toEqual(told)
    expect(JSON.parse(run.stdout).changed).toBe(false)
  })

  it('--diff sends nothing, not even without --dry-run', async () => {
    const host = testHost()
    const run = await host.run('apply - -v --diff', { stdin: WANTED })
    expect(run.exitCode).toBe(0)
    expect(changes(run.stderr)).toEqual([])
  })

  it('--owned leaves out what nobody owns', async () => {
    const text = state('{device: "80:01.0", mode: iv}', '{device: "81:00.0", entries: ["0=1"]}')
    const host = testHost()
    const run = await host.run('apply - --owned', { stdin: text })
    expect(run).toMatchObject({ exitCode: 0, stdout: '0000:81:00.0\tapplied\t0\t1\tvm\t1\t-\n' })
    expect(run.stderr).toBe('tphctl: note: 0000:80:01.0: left out: nobody owns it\n')
    expect((await host.run('apply -', { stdin: text })).exitCode).toBe(3)
  })

  it('undo puts back entries and the mode, device by device or all', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=15')
    await host.run('enable 82:00.0 --mode ds')
    const before = (await host.run('export')).stdout
    const text = `${WANTED}---\n${state('{device: "83:00.0", mode: ds}')}`
    await apply(host, text.replace('policy: {l3: 2}', 'mode: off, entries: ["0=8"]'))
    expect((await host.run('export')).stdout).not.toBe(before)
    expect(await host.run('undo 83:00.0 -q')).toMatchObject({
      exitCode: 0,
      stdout: '0000:83:00.0\trestored\t-\t-\t-\t-\tmode ds -> off\n',
    })
    expect((await host.run('undo -q')).exitCode).toBe(0)
    expect((await host.run('export')).stdout).toBe(before)
    expect((await host.run('undo')).stderr).toBe('tphctl: note: nothing to undo in this boot\n')
  })

  it('undo that cannot put the mode back says so and can be tried again', async () => {
    const host = testHost()
    await apply(host, WANTED)
    const env = { TPHCTL_MOCK_FAULTS: 'write:1=EIO' }
    const run = await host.run('undo 81:00.0 -q', { env })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('failed')
    expect((await host.run('undo 81:00.0 -q')).exitCode).toBe(0)
    expect((await host.run('info 81:00.0')).stdout).toContain('control\toff')
  })
})

describe('the files of apply', () => {
  const files = {
    '/etc/tphctl.d/20.yml': state('{device: "82:00.0", entries: ["0=8"]}'),
    '/etc/tphctl.d/10.json': '{"version":1,"devices":[{"device":"81:00.0","entries":["0=1"]}]}',
    '/etc/tphctl.d/0000:83:00.0.entries': '0=1',
  }

  it('are those of /etc/tphctl.d in the order of their names', async () => {
    const { stdout } = await testHost().run('apply', { files })
    expect(stdout.match(/^\S+/gm)).toEqual(['0000:81:00.0', '0000:82:00.0'])
  })

  it('are named in errors', async () => {
    const twice = { ...files, '/etc/tphctl.d/30.yaml': files['/etc/tphctl.d/20.yml'] }
    const { message } = expectFailure(await testHost().run('apply', { files: twice }), 'usage')
    expect(message).toMatch(
      /^\/etc\/tphctl\.d\/30\.yaml:2:20: .* twice: .* \/etc\/tphctl\.d\/20\.yml:2:20 /,
    )
  })

  it('must be there', async () => {
    const none = { '/etc/tphctl.d/0000:83:00.0.entries': '' }
    const failure = expectFailure(await testHost().run('apply', { files: none }), 'usage')
    expect(failure.hint).toBe('name a FILE, or - for standard input')
    const missing = expectFailure(await testHost().run('apply nowhere.yaml'), 'usage')
    expect(missing.message).toContain('ENOENT')
  })

  it('are standard input once only', async () => {
    expectFailure(await testHost().run('apply - -'), 'usage')
  })
})
