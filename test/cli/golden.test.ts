import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { FORMATS, type Format } from '../../src/format/formats.ts'
import { type TestHost, testHost } from '../helpers/run-main.ts'
import { schemaNames } from '../helpers/schemas.ts'
import {
  type Call,
  commandOf,
  type Golden,
  isFailure,
  readGoldens,
  withPaths,
  withWords,
} from './golden-file.ts'
import { expectJsonStderr, expectSameElements, expectTextErrors, schemaOf } from './golden-forms.ts'

const goldens = readGoldens()

/** Runs a golden file's call, and what comes before it, on a fresh host. */
async function play({ env, before, call, stdin }: Golden, format: Format) {
  const host = testHost()
  for (const one of before) await succeed(host, { ...one, call: withPaths(one.call) })
  const run = await host.run(`${withPaths(call)} -o ${format}`, { env, stdin })
  const general = (text: string) => withWords(text.replaceAll(host.state, '$STATE'))
  return { ...run, stdout: general(run.stdout), stderr: general(run.stderr) }
}

async function succeed(host: TestHost, { call, stdin }: Call): Promise<void> {
  const { exitCode, stderr } = await host.run(`${call} -q`, { stdin })
  expect({ exitCode, stderr }, call).toEqual({ exitCode: 0, stderr: '' })
}

/** Every emulated device has an owner, so there is nothing to hold; to watch has no end. */
const ONLY_REFUSED = new Set(['hold', 'watch'])

describe('golden outputs', () => {
  it.each(Object.keys(commandTable))(
    '%s has a success and a failure in every format',
    (command) => {
      for (const failure of ONLY_REFUSED.has(command) ? [true] : [false, true]) {
        const found = goldens.filter(
          (one) => commandOf(one) === command && isFailure(one) === failure,
        )
        expect(found, failure ? 'failure' : 'success').not.toEqual([])
        for (const { name, expected } of found) expect([...expected.keys()], name).toEqual(FORMATS)
      }
    },
  )

  it('cover every schema of a result', () => {
    const used = new Set(goldens.filter((one) => !isFailure(one)).map(schemaOf))
    const results = schemaNames.filter(
      (name) => !['device', 'error', 'notice', 'watch-event'].includes(name),
    )
    expect([...used].sort()).toEqual(results.sort())
  })

  describe.each(goldens)('$name: tphctl $call', (golden) => {
    it.each(FORMATS)('writes %s', async (format) => {
      const { stdout, stderr, exitCode } = await play(golden, format)
      expect({ stdout, stderr, exitCode }).toEqual(golden.expected.get(format))
      if (format === 'table' || format === 'tsv') expectTextErrors(stderr, exitCode)
      else expectJsonStderr(stderr, exitCode)
    })

    it('writes json as its schema says, and each line of ndjson is an element of it', async () => {
      const [json, ndjson] = [await play(golden, 'json'), await play(golden, 'ndjson')]
      expectSameElements(golden, json.stdout, ndjson.stdout)
    })
  })
})
