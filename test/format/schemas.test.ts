import { describe, expect, it } from 'vitest'
import { commandOf, readGoldens } from '../cli/golden-file.ts'
import { schemaOf } from '../cli/golden-forms.ts'
import { readSchema, schemaNames, schemaProblems } from '../helpers/schemas.ts'

type Schema = Record<string, unknown>

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Paths of the properties anywhere in a schema that have no description, references aside. */
function undescribed(schema: unknown, path: string): string[] {
  if (!isObject(schema)) return []
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : []
  const here = properties.flatMap(([name, one]) =>
    isObject(one) && one['description'] === undefined && one['$ref'] === undefined
      ? [`${path}/${name}`]
      : [],
  )
  return [
    ...here,
    ...Object.entries(schema).flatMap(([key, one]) => undescribed(one, `${path}/${key}`)),
  ]
}

/** Paths of the objects anywhere in a schema that forbid fields it does not name. */
function closed(schema: unknown, path: string): string[] {
  if (!isObject(schema)) return []
  const isClosed = ['additionalProperties', 'unevaluatedProperties', 'maxProperties'].some(
    (key) => key in schema,
  )
  return [
    ...(isClosed ? [path] : []),
    ...Object.entries(schema).flatMap(([key, one]) => closed(one, `${path}/${key}`)),
  ]
}

/** A golden document of every kind of result. */
const documents = new Map(
  readGoldens().flatMap((golden) => {
    const text = golden.expected.get('json')?.stdout ?? ''
    return text === '' ? [] : [[schemaOf(golden), JSON.parse(text) as Schema] as const]
  }),
)

/** Fields that are there only where they have something to say. */
const OPTIONAL = ['planned', 'plannedCalls', 'source', 'against']

describe('share/schema', () => {
  it.each(schemaNames)('%s is a described, open schema of draft 2020-12', (name) => {
    const schema = readSchema(name)
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `${name}.schema.json`,
      type: 'object',
      title: expect.stringMatching(/./),
      description: expect.stringMatching(/\.$/),
    })
    expect(undescribed(schema, name)).toEqual([])
    // What people write is checked for slips of the pen; what tphctl writes may grow.
    if (name !== 'desired-state') expect(closed(schema, name)).toEqual([])
  })

  it.each([...documents.keys()])(
    '%s takes fields of a later version, but misses any of its own',
    (name) => {
      const document = documents.get(name) ?? {}
      expect(schemaProblems(name, { ...document, later: 1 })).toEqual([])
      const optional = name.startsWith('batch') ? ['backend'] : OPTIONAL
      for (const field of Object.keys(document).filter((one) => !optional.includes(one))) {
        const { [field]: _, ...rest } = document
        expect(schemaProblems(name, rest), field).not.toEqual([])
      }
    },
  )

  it.each([...documents.keys()])('%s takes no other version, backend or type', (name) => {
    const document = documents.get(name) ?? {}
    expect(schemaProblems(name, { ...document, schemaVersion: 2 })).not.toEqual([])
    expect(schemaProblems(name, [document])).not.toEqual([])
    if (!('backend' in document)) return
    expect(schemaProblems(name, { ...document, backend: 'windows' })).not.toEqual([])
    expect(schemaProblems(name, { ...document, backend: 'linux' })).toEqual([])
  })

  it.each([
    ['get', { index: 0, st: 0x10000, cpu: null, memoryType: null }],
    ['get', { index: 0, st: '0x0101', cpu: null, memoryType: null }],
    ['get', { index: -1, st: 0, cpu: null, memoryType: null }],
    ['get', { index: 0, st: 0, cpu: 1.5, memoryType: 'vm' }],
    ['get', { index: 0, st: 0, cpu: null, memoryType: 'VM' }],
  ])('%s refuses the entry %j', (name, entry) => {
    const document = { ...documents.get(name), entries: [entry] }
    expect(schemaProblems(name, document)).not.toEqual([])
  })

  it('refuses errors of no known code, and notices of no known kind', () => {
    const error = {
      code: 'usage',
      exitCode: 2,
      message: 'Cannot',
      hint: null,
      device: null,
      errno: null,
    }
    expect(schemaProblems('error', { error })).toEqual([])
    for (const wrong of [
      { code: 'fatal' },
      { exitCode: 0 },
      { device: '81:00.0' },
      { message: '' },
    ]) {
      expect(schemaProblems('error', { error: { ...error, ...wrong } })).not.toEqual([])
    }
    for (const notice of [{}, { info: 'x' }, { note: '' }, { note: 1 }]) {
      expect(schemaProblems('notice', notice)).not.toEqual([])
    }
  })

  it('golden documents are of every command', () => {
    expect(new Set(readGoldens().map(commandOf)).size).toBeGreaterThan(10)
  })
})
