import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { type Account, Crew } from './crew.ts'
import type { Find } from './hunt.ts'
import type { Target } from './target.ts'
import { targets } from './targets.ts'
import { type Order, shrunk, work } from './worker.ts'

/*
 * npm run fuzz [-- --seconds N] [--executions N] [--target NAME[,NAME]] [--seed N] [--jobs N] [--finds FOLDER]
 *
 * Tries inputs until there were so many (10 million unless told), or for so long. Prints executions and finds by target; writes the
 * input of each find to a file. Exit status 1 when there is one.
 */

/** Into how many parts the work on a target is cut, so that no thread waits for another. */
const PARTS = 10
const FOREVER = 2 ** 31 - 1

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      executions: { type: 'string', default: '10000000' },
      target: { type: 'string' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 2 ** 31)}` },
      jobs: { type: 'string', default: '2' },
      finds: { type: 'string', default: 'dist/fuzz/finds' },
    },
  })
  const chosen = chooseTargets(values.target)
  const [jobs, seed] = [wholeNumber(values.jobs, 'jobs'), wholeNumber(values.seed, 'seed')]
  const orders =
    values.seconds === undefined
      ? byCount(chosen, wholeNumber(values.executions, 'executions'))
      : byTime(chosen, wholeNumber(values.seconds, 'seconds'), jobs)
  print(`seed ${seed}, ${jobs} threads, ${chosen.length} targets\n`)
  const accounts = new Map<string, Account>()
  const account = (name: string): Account => {
    const known = accounts.get(name) ?? { executions: 0, branches: 0, milliseconds: 0, finds: [] }
    accounts.set(name, known)
    return known
  }
  const start = performance.now()
  await new Crew(orders, seed, account, (find) => tellFind(find, values.finds)).run(jobs)
  const seconds = (performance.now() - start) / 1000
  for (const target of chosen)
    for (const find of account(target.name).finds)
      writeFind(await shrunk(target, find), values.finds)
  process.exitCode = tellCounts(chosen, account, seconds)
}

function chooseTargets(names: string | undefined): readonly Target[] {
  if (names === undefined) return targets
  return names.split(',').map((name) => {
    const target = targets.find((one) => one.name === name)
    if (target !== undefined) return target
    throw new Error(`no target ${name}: there are ${targets.map((one) => one.name).join(', ')}`)
  })
}

function wholeNumber(word: string, name: string): number {
  if (/^[1-9]\d{0,9}$/.test(word)) return Number(word)
  throw new Error(`--${name} ${word}: expected a whole number from 1 on`)
}

/** So many executions, shared out among the targets. */
function byCount(chosen: readonly Target[], executions: number): Order[] {
  const all = chosen.reduce((sum, { share }) => sum + share, 0)
  return Array.from({ length: PARTS }).flatMap(() =>
    chosen.map(({ name, share }) => ({
      target: name,
      executions: Math.ceil((executions * share) / all / PARTS),
      milliseconds: FOREVER,
    })),
  )
}

/** So much time, the same for each target. */
function byTime(chosen: readonly Target[], seconds: number, jobs: number): Order[] {
  const milliseconds = (1000 * seconds * jobs) / chosen.length
  return chosen.map(({ name }) => ({ target: name, executions: FOREVER, milliseconds }))
}

/** Says at once what was found: whoever waits for the rest may lose patience. */
function tellFind(find: Find, folder: string): void {
  const { target, key, text } = find
  const place = writeFind(find, folder)
  print(`FIND ${target}: ${key}\n  ${text.replaceAll('\n', '\n  ')}\n  input: ${place}\n\n`)
}

/** @returns the file, the same for the same fault */
function writeFind({ target, key, input }: Find, folder: string): string {
  const place = join(folder, target, key.replace(/[^\w-]+/g, '-').slice(0, 100))
  mkdirSync(join(folder, target), { recursive: true })
  writeFileSync(place, input)
  return place
}

/** @returns the exit status */
function tellCounts(
  chosen: readonly Target[],
  account: (name: string) => Account,
  seconds: number,
): number {
  const rows = chosen.map(({ name }) => ({ name, ...account(name) }))
  print(
    '| target | executions | a second | branches of src | finds |\n| --- | --- | --- | --- | --- |\n',
  )
  for (const { name, executions, milliseconds, branches, finds } of rows) {
    const rate = Math.round((1000 * executions) / Math.max(1, milliseconds))
    print(`| ${name} | ${executions} | ${rate} | ${branches} | ${finds.length} |\n`)
  }
  const executions = rows.reduce((sum, one) => sum + one.executions, 0)
  const finds = rows.reduce((sum, one) => sum + one.finds.length, 0)
  print(`\n${executions} executions, ${finds} finds, ${Math.round(seconds)} s\n`)
  return finds > 0 ? 1 : 0
}

function print(text: string): void {
  process.stdout.write(text)
}

if (isMainThread) await main()
else work(targets)
