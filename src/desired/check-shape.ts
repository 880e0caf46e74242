import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import schema from '../../share/schema/desired-state.schema.json' with { type: 'json' }
import { quote } from '../args/quote.ts'
import type { Problems } from './problems.ts'
import type { Parsed } from './read-yaml.ts'

type Path = readonly (string | number)[]

const validate = new Ajv2020({ allErrors: true, verbose: true, strict: true }).compile(schema)

/**
 * Checks a document by the schema that is shipped, share/schema/desired-state.schema.json.
 *
 * @returns paths of values that are not what the schema says; nothing can be said of what is in them
 */
export function checkShape({ value, placeOf, placeOfKey }: Parsed, problems: Problems): Path[] {
  if (validate(value)) return []
  const errors = (validate.errors ?? []).filter(isWorthTelling)
  return errors.map((error) => {
    const path = pathOf(error.instancePath, value)
    const isKey = error.keyword === 'additionalProperties'
    const at = isKey ? [...path, String(error.params['additionalProperty'])] : path
    problems.add(isKey ? placeOfKey(at) : placeOf(at), messageOf(error, at))
    return at
  })
}

/** Of a value that may have several forms only that it has none of them. */
function isWorthTelling({ schemaPath }: ErrorObject): boolean {
  return !schemaPath.includes('/oneOf/')
}

function messageOf({ keyword, params, data, parentSchema }: ErrorObject, path: Path): string {
  const { description, properties, items } = parentSchema ?? {}
  switch (keyword) {
    case 'required':
      return `Cannot do without key ${quote(String(params['missingProperty']))}: expected ${descriptionOf(properties, params['missingProperty'])}`
    case 'additionalProperties':
      return `Cannot use key ${quote(String(path.at(-1)))}: expected one of ${Object.keys(properties ?? {}).join(', ')}`
    case 'false schema':
      return 'Cannot use entries and policy together: give one of them'
    default:
      return `Cannot use ${shown(data)}${nameOf(path)}: expected ${description ?? descriptionOf({ items }, 'items')}`
  }
}

function descriptionOf(properties: unknown, name: unknown): string {
  const found = (properties as Record<string, { description?: string }> | undefined)?.[String(name)]
  return found?.description ?? 'another value'
}

/** The value as the parser took it, which is what surprises: 8086 without quotes is a number. */
function shown(data: unknown): string {
  if (typeof data === 'string') return quote(data)
  if (typeof data === 'number') return `the number ${data}`
  if (data === null || data === undefined) return 'nothing'
  if (typeof data === 'boolean') return `the truth value ${data}`
  return Array.isArray(data) ? 'a list' : 'a mapping'
}

/** ` as mode` of the nearest key. */
function nameOf(path: Path): string {
  const key = path.findLast((part) => typeof part === 'string')
  if (key === undefined) return ' as desired state'
  return typeof path.at(-1) === 'number' ? ` in ${key}` : ` as ${key}`
}

/** A JSON pointer as keys and indexes. */
function pathOf(pointer: string, value: unknown): Path {
  const path: (string | number)[] = []
  let at = value
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(at) ? Number(key) : key)
    at = (at as Record<string, unknown>)[key]
  }
  return path
}
