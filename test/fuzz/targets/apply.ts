import { parseDesiredState } from '../../../src/desired/parse.ts'
import { Problems } from '../../../src/desired/problems.ts'
import { readYaml } from '../../../src/desired/read-yaml.ts'
import { refusal } from '../refusal.ts'
import { bytesOf, promise, promiseSame, type Target, textOf } from '../target.ts'

const YAML = `# yaml-language-server: $schema=x
version: 1
devices:
  - device: "0000:81:00.0"
    vendor: "15b3"
    mode: iv
    entries: ["0-3=4-7", "8=none"]
  - device: "0000:82:00.0"
    policy: {cpus: "0-7"}
---
version: 1
devices: [{device: "83:00.0", policy: local, deviceId: "101e"}]
`
const JSON_TEXT =
  '{"version":1,"devices":[{"device":"0000:81:00.0","mode":"off","entries":["0=0@pm"],"vendor":"8086"},{"device":"82:00.0","policy":{"node":1}}]}'
const WORDS = ['version: 1', 'devices:', 'device: ', 'entries: ', 'policy: ', 'mode: ', 'vendor: ']
const SIGNS = ['- ', ': ', '\n', '\n  ', '[', ']', '{', '}', '"', "'", '|', '>', '? ', '&a ', '*a']
const MORE = ['<<: ', '!!str ', '%YAML 1.1\n', '---\n', '...\n', '#', '__proto__', '\\u0000', '\t']
const PLACE = /^FILE:[1-9]\d*:[1-9]\d*: Cannot /

/** Desired state in YAML and JSON. */
export const applyFile: Target = {
  name: 'apply-file',
  share: 2,
  longest: 500,
  microsecondsPerByte: 80,
  seeds: () => [YAML, JSON_TEXT, '', 'version: 1\ndevices: []\n', '[]', '"text"'].map(bytesOf),
  words: [...WORDS, ...SIGNS, ...MORE],
  async run(input) {
    try {
      const devices = await parseDesiredState([{ name: 'FILE', text: textOf(input) }])
      const names = devices.map(({ device }) => device.value)
      promise(new Set(names).size === names.length, 'a device twice')
      for (const { entries, policy } of devices)
        promise(entries.length === 0 || policy === null, 'entries and a policy')
    } catch (error) {
      const { message, more, code } = refusal(error)
      promise(code === 'usage', 'another exit code than that of wrong input')
      promise(PLACE.test(message), 'no place in front of what is wrong')
      promise(more.length <= 100, 'problems without end')
      for (const text of more) promise(PLACE.test(text) || /^and \d+ more$/.test(text), 'no place')
    }
  },
}

/** JSON texts, which are YAML: read as `JSON.parse` reads them, or refused for a reason. */
export const jsonAsYaml: Target = {
  name: 'json-as-yaml',
  share: 3,
  longest: 300,
  microsecondsPerByte: 80,
  seeds: () => [JSON_TEXT, '{"a":[1,-2.5e3,true,null,""]}', '["\\u0041\\n"]', '0'].map(bytesOf),
  words: [...'{}[]:,"0'.split(''), '":', ',"', 'true', 'null', '\\n', '\\u2028', '1e3', '"a":'],
  run(input) {
    const text = textOf(input)
    const problems = new Problems()
    const documents = readYaml(text, 'FILE', problems)
    const expected = jsonOf(text)
    if (expected === undefined || documents.length !== 1 || hasDuplicates(text)) return
    promiseSame(documents[0]?.value, expected, 'JSON that is read in two ways')
  },
}

/** Undefined where it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a key may stand twice: then readers differ, and it is refused anyway. */
function hasDuplicates(text: string): boolean {
  const keys = text.match(/"[^"]*"(?=\s*:)/g) ?? []
  return new Set(keys).size < keys.length
}
