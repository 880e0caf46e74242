import type { Context } from '../context.ts'
import { type ProgramOutcome, program, rehearse } from '../tph/program.ts'
import type { DevicePlan } from '../tph/transaction.ts'
import type { Outcome } from './spec.ts'

/** Programs devices, or shows what that would send under `--dry-run`. @param command its name in the ledger */
export function programPlans(
  context: Context,
  plans: readonly DevicePlan[],
  command: string,
): ProgramOutcome {
  if (context.dryRun) return { results: rehearse(context.host(), plans), error: null }
  return program(context.host(), plans, command)
}

/** The same for a command about one device. */
export function programOne(context: Context, plan: DevicePlan, command: string): Outcome {
  const { results, error } = programPlans(context, [plan], command)
  const [value] = results
  if (value === undefined) throw new RangeError('one device has one result')
  return { result: { kind: 'set', value }, error }
}
