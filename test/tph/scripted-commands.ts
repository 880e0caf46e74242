import { expect } from 'vitest'
import { type Entry, parseEntry } from '../../src/args/entry.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { getEntries } from '../../src/tph/get-entries.ts'
import { findTphFunction, type Host } from '../../src/tph/host.ts'
import { planClear, planSet } from '../../src/tph/plan-set.ts'
import { type ProgramOutcome, program } from '../../src/tph/program.ts'
import type { EntryInfo, RunInfo, SetResult } from '../../src/tph/results.ts'
import { BDF, type Rig } from './scripted-host.ts'

/** `tphctl set`, of ENTRYs of one device. */
export function set({ host }: Rig, ...words: readonly string[]): ProgramOutcome {
  return setMany(host, { [BDF]: words })
}

/** `tphctl set -`, of ENTRYs by device. */
export function setMany(
  host: Host,
  words: Readonly<Record<string, readonly string[]>>,
): ProgramOutcome {
  const options = { memoryType: 'vm', cycle: false } as const
  const entries = (of: readonly string[]): Entry[] => of.map((word) => parseEntry(word))
  const plans = Object.entries(words).map(([bdf, of]) => planSet(host, bdf, entries(of), options))
  return program(host, plans, 'set')
}

/** `tphctl clear`, of indexes of one device. */
export function clear({ host }: Rig, ...indexes: readonly number[]): ProgramOutcome {
  return program(host, [planClear(host, BDF, indexes)], 'clear')
}

/** `tphctl get`, of some entries of one device. */
export function get({ host }: Rig, indexes: readonly number[], bdf = BDF): readonly EntryInfo[] {
  return getEntries(host, findTphFunction(host, bdf), indexes).entries
}

/** The CPUs that `tphctl get` shows. */
export function cpus(rig: Rig, indexes: readonly number[], bdf = BDF): (number | null)[] {
  return get(rig, indexes, bdf).map(({ cpu }) => cpu)
}

/** What became of each index, in the words of the result: an index named twice has two. */
export function fates({ applied, restored, failed, skipped }: SetResult): Record<number, string> {
  const all: Record<number, string> = {}
  const tell = (runs: readonly RunInfo[], fate: string) => {
    for (const { index, count } of runs) {
      for (let i = index; i < index + count; i++) all[i] = i in all ? `${all[i]} ${fate}` : fate
    }
  }
  tell(applied, 'applied')
  tell(restored, 'restored')
  tell(failed, 'failed')
  tell(skipped, 'skipped')
  return all
}

/** The only result of an outcome. */
export function only({ results: [result] }: ProgramOutcome): SetResult {
  if (result === undefined) throw new RangeError('no result')
  return result
}

/** Matches an error of that code, by which the exit code goes. */
export function coded(code: ErrorCode): Error {
  return expect.objectContaining({ code }) as unknown as Error
}
