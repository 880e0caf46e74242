import { expect } from 'vitest'
import { expectValid } from '../helpers/schemas.ts'
import { commandOf, type Golden, isFailure } from './golden-file.ts'

type Json = Record<string, unknown>

/** Commands whose elements are about no device, or about a subject that may be the host. */
const WITHOUT_DEVICE = new Set(['mock', 'version', 'doctor', 'batch', 'completion'])

/** The schema that the json of a golden file's call is to have. */
export function schemaOf({ call }: Golden): string {
  const [command = '', ...words] = call.split(' ')
  const word = words.find((one) => !one.startsWith('--'))
  switch (command) {
    case 'info':
      return words.includes('--hexdump') ? 'hexdump' : 'info'
    case 'set':
      return word === '-' ? 'sets' : 'set'
    case 'undo':
      return word === undefined ? 'sets' : 'set'
    case 'apply':
      return words.includes('--diff') ? 'apply-diff' : 'apply'
    case 'export':
      return words.includes('--prometheus') ? 'metrics' : 'export'
    case 'clear':
      return 'set'
    case 'enable':
    case 'disable':
      return 'control'
    case 'batch':
      return words.includes('--serve') ? 'batch-line' : 'batch'
    case 'mock':
      return 'mock-reset'
    default:
      return command
  }
}

/**
 * Asserts that stderr is notes and warnings, and behind them one error, or all that is wrong with input, and at most one hint if the call
 * failed. Before that a batch says what is wrong with its lines.
 */
export function expectTextErrors(stderr: string, exitCode: number): void {
  expect(stderr).toMatch(
    exitCode === 0
      ? /^(tphctl: (note|warning): .+\n)*$/
      : /^(tphctl: (note|warning): .+\n|tphctl: stdin:\d+: .+\n(hint: .+\n)?)*(tphctl: (?!note: |warning: ).+\n)+(hint: .+\n)?$/,
  )
}

/** Asserts the same of the json form, by the schemas. */
export function expectJsonStderr(stderr: string, exitCode: number): void {
  const lines = stderr.split('\n').filter((line) => line !== '')
  const parsed = lines.map((line) => JSON.parse(line) as Json)
  const last = exitCode === 0 ? undefined : parsed.pop()
  for (const one of parsed) expectValid('error' in one ? 'error' : 'notice', one)
  if (exitCode === 0) return
  expectValid('error', last)
  expect(last).toMatchObject({ error: { exitCode } })
}

/** Asserts that json is one document by its schema, and that ndjson has the same elements. */
export function expectSameElements(golden: Golden, json: string, ndjson: string): void {
  if (json === '') {
    expect(isFailure(golden), 'only a failure may have no document').toBe(true)
    expect(ndjson).toBe('')
    return
  }
  const document = expectValid(schemaOf(golden), JSON.parse(json)) as Json
  const lines = ndjson.split('\n').filter((line) => line !== '')
  const elements = lines.map((line) => JSON.parse(line) as Json)
  expect(elements).toEqual(elementsOf(document))
  if (WITHOUT_DEVICE.has(commandOf(golden))) return
  for (const element of elements) expect(element).toHaveProperty('device')
}

/** The elements of a document: of its one array (of `tag` under --dry-run what is planned), each with the document's device, or else all of it. */
function elementsOf({ schemaVersion, backend, ...value }: Json): Json[] {
  if (Array.isArray(value['lines'])) return value['lines'].flatMap(elementsOfLine)
  for (const name of ['devices', 'entries', 'tags', 'checks']) {
    if (!(name in value)) continue
    const array = name === 'tags' ? (value['planned'] ?? value[name]) : value[name]
    if (!Array.isArray(array)) continue
    const { device } = value
    return array.map((one: Json) => (device === undefined ? one : { device, ...one }))
  }
  return [value]
}

/** The elements of a line of a batch, each with its number. */
function elementsOfLine({ line, result }: Json): Json[] {
  return result === null ? [] : elementsOf(result as Json).map((one) => ({ line, ...one }))
}
