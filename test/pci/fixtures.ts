import { existsSync, readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../../../shared/fixtures/', import.meta.url)

/** Whether the dumps of real machines are on this computer; they are not part of the project. */
export const haveFixtures = existsSync(folder)

/** The names of the dumps, without their endings; none where the folder is absent. */
export const fixtureNames: readonly string[] = haveFixtures
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.lspci'))
      .map((name) => name.slice(0, -'.lspci'.length))
  : []

/** The text of one dump. */
export function fixtureText(name: string): string {
  return readFileSync(new URL(`${name}.lspci`, folder), 'latin1')
}

/** What lspci decodes from it, of TPH only. */
export function fixtureExpectation(name: string): string {
  return readFileSync(new URL(`${name}.expected.txt`, folder), 'latin1')
}
