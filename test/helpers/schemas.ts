import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'

const FOLDER = new URL('../../share/schema/', import.meta.url)

/** The names of the schemas: `list` for `list.schema.json`. */
export const schemaNames = readdirSync(FOLDER).map((file) => file.replace(/\.schema\.json$/, ''))

/** A schema as it is shipped. */
export function readSchema(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, FOLDER), 'utf8'))
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
for (const name of schemaNames) ajv.addSchema(readSchema(name))

/** What is wrong with a value by a schema, a line each; none when it is valid. */
export function schemaProblems(name: string, value: unknown): string[] {
  const validate = ajv.getSchema(`${name}.schema.json`)
  if (validate === undefined) throw new RangeError(`there is no schema ${name}`)
  if (validate(value) === true) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** Asserts that a value is what a schema says. @returns the value */
export function expectValid(name: string, value: unknown): unknown {
  expect(schemaProblems(name, value), `by ${name}.schema.json`).toEqual([])
  return value
}
