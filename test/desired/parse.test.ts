import { describe, expect, it } from 'vitest'
import { parseDesiredState } from '../../src/desired/parse.ts'
import type { UsageError } from '../../src/errors.ts'

const parse = (...texts: string[]) =>
  parseDesiredState(texts.map((text, i) => ({ name: `${'ab'[i]}.yaml`, text })))

const device = (fields: string) => `version: 1\ndevices:\n- {device: "81:00.0", ${fields}}\n`

/** Everything that is wrong with a text. */
async function wrongWith(...texts: string[]): Promise<string[]> {
  try {
    await parse(...texts)
  } catch (error) {
    expect(error).toMatchObject({ code: 'usage' })
    const { message, more } = error as UsageError
    return [message, ...more]
  }
  throw new Error('nothing is wrong with it')
}

describe('parseDesiredState()', () => {
  it('reads all there is to say of a device, each with its place', async () => {
    const text = `version: 1
devices:
  - device: "81:00.0"
    vendor: "15B3"
    deviceId: "101e"
    mode: off
    entries:
      - "0-3=0-3"
      - 4=none
`
    const [one] = await parse(text)
    const at = (line: number, column: number) => ({ source: 'a.yaml', line, column })
    expect(one).toMatchObject({
      device: { value: '0000:81:00.0', place: at(3, 13) },
      vendor: { value: '15b3', place: at(4, 13) },
      deviceId: { value: '101e' },
      mode: { value: 'off', place: at(6, 11) },
      entries: [
        { value: { word: '0-3=0-3' }, place: at(8, 9) },
        { value: { word: '4=none' }, place: at(9, 9) },
      ],
      policy: null,
    })
  })

  it.each([
    ['local', { kind: 'local' }],
    ['{cpus: "0-7"}', { kind: 'list', cpus: [0, 1, 2, 3, 4, 5, 6, 7] }],
    ['{cpus: "3"}', { kind: 'list', cpus: [3] }],
    ['{node: 1}', { kind: 'node', node: 1 }],
    ['{l3: 0}', { kind: 'l3', l3: 0 }],
  ])('reads the policy %s', async (policy, value) => {
    expect((await parse(device(`policy: ${policy}`)))[0]?.policy).toMatchObject({ value })
  })

  it('what is not named is null or none, and is left alone', async () => {
    const [one] = await parse('version: 1\ndevices: [{device: "81:00.0"}]')
    expect(one).toMatchObject({ mode: null, entries: [], policy: null, vendor: null })
  })

  it.each([
    '{"version": 1, "devices": [{"device": "81:00.0"}]}',
    '{\r\n\t"version": 1,\r\n\t"devices": [\r\n\t\t{"device": "81:00.0"}\r\n\t]\r\n}\r\n',
    '{"version": 1,\r"devices": [\r{"device": "81:00.0"}]}\r',
    'version: 1\rdevices:\r- device: "81:00.0"\r',
    '# a comment\rversion: 1\rdevices: [{device: "81:00.0"}]',
    'version: 1\r\ndevices: [{device: "0000:\\\r  81:00.0"}]',
    '\ufeffversion: 1\ndevices: [{device: 81:00.0}]',
    '%YAML 1.2\n---\nversion: 1\ndevices: [{device: "81:00.0"}]\n...\n',
    '{"schemaVersion":1,"backend":"mock","version":1,"devices":[{"device":"81:00.0"}]}',
  ])('reads JSON and YAML alike: %j', async (text) => {
    expect((await parse(text)).map((one) => one.device.value)).toEqual(['0000:81:00.0'])
  })

  it('counts lines that end with a carriage return alone', async () => {
    expect(await wrongWith('version: 1\rdevices:\r- device: "81:00.0"\r  mode: on\r')).toEqual([
      expect.stringMatching(/^a\.yaml:4:9: /),
    ])
  })

  it('reads several documents and several files', async () => {
    const text = (bus: string) => `version: 1\ndevices: [{device: "${bus}:00.0"}]\n`
    const state = await parse(`${text('81')}---\n${text('82')}`, text('83'))
    expect(state.map((one) => one.device.value)).toEqual([
      '0000:81:00.0',
      '0000:82:00.0',
      '0000:83:00.0',
    ])
  })

  it('refuses a device that two files describe, naming both places', async () => {
    const text = 'version: 1\ndevices:\n  - device: '
    expect(
      await wrongWith(`${text}"81:00.0"\n`, `${text}/sys/bus/pci/devices/0000:81:00.0\n`),
    ).toEqual([
      'b.yaml:3:13: Cannot use device 0000:81:00.0 twice: it is described at a.yaml:3:13 already',
    ])
  })

  it('tells all that is wrong with all files', async () => {
    const problems = await wrongWith('version: 1\n', device('mode: on, entries: ["x", "0=1", 7]'))
    expect(problems).toEqual([
      'a.yaml:1:1: Cannot do without key "devices": expected a list of devices',
      expect.stringMatching(
        /^b\.yaml:3:29: Cannot use "on" as mode: expected iv, ds, none or off$/,
      ),
      expect.stringMatching(/^b\.yaml:3:43: Cannot parse ENTRY "x"/),
      expect.stringMatching(/^b\.yaml:3:55: Cannot use the number 7 in entries: .* in quotes/),
    ])
  })

  it.each([
    ['vendor: 8086', 'the number 8086 as vendor'],
    ['vendor: 15e0', 'the number 15 as vendor'],
    ['vendor: "0x8086"', '"0x8086" as vendor'],
    ['mode: true', 'the truth value true as mode'],
    ['mode: ~', 'nothing as mode'],
    ['entries: "0=1"', '"0=1" as entries'],
    ['entries: [0-3=0,1]', 'the number 1 in entries'],
    ['entries: [{0=1: 2}]', 'a mapping in entries'],
    ['policy: {cpus: 3}', 'a mapping as policy'],
    ['policy: {cpus: "3", node: 1}', 'a mapping as policy'],
    ['policy: {node: 1.5}', 'a mapping as policy'],
    ['policy: remote', '"remote" as policy'],
    ['policy: local, entries: ["0=1"]', 'entries and policy together'],
    ['cpus: "1"', 'key "cpus"'],
  ])('says what the parser made of %s', async (fields, what) => {
    const [problem, ...more] = await wrongWith(device(fields))
    expect(more).toEqual([])
    expect(problem).toContain(`Cannot use ${what}`)
  })

  it.each([
    ['', 'Cannot use an empty file'],
    ['# nothing\n', 'Cannot use an empty file'],
    ['81:00.0 0=1\n', 'Cannot use "81:00.0 0=1" as desired state: expected'],
    ['[]', 'Cannot use a list as desired state'],
    ['version: 1\nversion: 1\ndevices: []', '2:1: Cannot parse YAML: Map keys must be unique'],
    ['version: 1\ndevices: &a []', '2:13: Cannot use anchor "&a"'],
    ['version: 1\ndevices: *a', '2:10: Cannot use alias "*a"'],
    ['version: !!int "1"\ndevices: []', 'Cannot use tag "!!int"'],
    ['version: !x 1\ndevices: []', '1:10: Cannot parse YAML: Unresolved tag'],
    ['%YAML 1.1\n---\nversion: 1\ndevices: []', 'Cannot read YAML 1.1'],
    ['version: 1\ndevices: [\n', 'Cannot parse YAML: Flow sequence'],
    ['? [a]\n: 1', 'Cannot parse YAML: With stringKeys'],
    ['[0=1', 'Cannot parse YAML'],
  ])('refuses %j', async (text, what) => {
    const problems = await wrongWith(text)
    expect(problems.join('\n')).toContain(what)
    for (const problem of problems) expect(problem).toMatch(/^a\.yaml:\d+:\d+: Cannot /)
  })

  it.each([
    ['[', 100_000],
    ['{*ve', 1200],
    ['- ', 1200],
    ['? ', 1200],
    ['[{a: ', 60],
  ])('refuses %j, nested %i times', async (part, times) => {
    const problems = await wrongWith(part.repeat(times))
    expect(problems.join('\n')).toContain('nested too deep')
    for (const problem of problems) expect(problem).toMatch(/^a\.yaml:\d+:\d+: Cannot /)
  })

  it('shows what the parser says on one line, without control characters and not without end', async () => {
    for (const text of ['&a \0<<:\u001a\u009b', `%${'x'.repeat(10_000)}\n`]) {
      const problems = await wrongWith(text)
      for (const problem of problems) {
        expect(problem).not.toMatch(/\p{Cc}/u)
        expect(problem.length).toBeLessThan(300)
      }
    }
  })

  it('tells each key that stands twice, in a mapping of thousands of keys too', async () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`)
    const [first, ...more] = await wrongWith(`{${keys.join(', ')}, k7: 2}`)
    const column = `{${keys.join(', ')}, `.length + 1
    expect([first, ...more]).toEqual([
      `a.yaml:1:${column}: Cannot parse YAML: Map keys must be unique`,
    ])
  })

  it('tells unknown keys by the thousand where they are', async () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`)
    const problems = await wrongWith(`version: 1\ndevices: []\n${keys.join('\n')}\n`)
    expect(problems[0]).toMatch(/^a\.yaml:3:1: Cannot use key "k0"/)
    expect(problems.at(-1)).toBe('and 9900 more')
  })
})
