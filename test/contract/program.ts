import assert from 'node:assert/strict'
import {
  normaliseInfo,
  normaliseJson,
  normaliseList,
  normaliseText,
  withAddresses,
} from './normalise.ts'
import type { ContractCase, Role, World } from './world.ts'

/** A call of the built program; `{capability}` and the other roles stand for addresses. */
export interface Step {
  /** Its words, separated by blanks. */
  readonly call: string
  readonly stdin?: string
  /** Standard output: lines of tsv, its cells separated by blanks; with `--json` the document without schemaVersion. */
  readonly out?: readonly string[] | object
  /** Standard error, a line each. */
  readonly err?: readonly string[]
  /** The exit code unless it is 0. */
  readonly status?: number
}

/** A case of calls one after the other. */
export function calls(name: string, roles: readonly Role[], steps: readonly Step[]): ContractCase {
  return {
    name,
    roles,
    async run(world) {
      for (const step of steps) await assertStep(world, step)
    },
  }
}

/** Makes a call and asserts all it says. */
export async function assertStep(world: World, step: Step): Promise<void> {
  const argv = withAddresses(step.call, world).split(' ')
  const run = await world.program(argv, withAddresses(step.stdin ?? '', world))
  const isJson = step.out !== undefined && !Array.isArray(step.out)
  const stdout = isJson ? normaliseJson(run, world) : cells(normaliserOf(step)(run.stdout, world))
  const { call, status = 0 } = step
  const actual = {
    call,
    stdout,
    stderr: lines(normaliseText(run.stderr, world)),
    status: run.status,
  }
  const expected = {
    call,
    stdout: isJson ? { schemaVersion: 1, ...step.out } : (step.out ?? []),
    stderr: step.err ?? [],
    status,
  }
  assert.deepEqual(actual, expected)
  if (isJson) {
    const pretty = `${JSON.stringify(JSON.parse(run.stdout), null, 2)}\n`
    assert.equal(run.stdout, pretty, `tphctl ${step.call}: the document is not indented by 2`)
  }
}

function normaliserOf({ call }: Step): typeof normaliseText {
  if (call.startsWith('list')) return normaliseList
  return call.startsWith('info') ? normaliseInfo : normaliseText
}

/** Lines whose cells are separated by one blank instead of a tab: no cell of the cases would be taken for another. */
function cells(text: string): string[] {
  return lines(text.replaceAll('\t', ' '))
}

function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}
