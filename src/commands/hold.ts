import { type Bdf, parseBdf } from '../args/bdf.ts'
import { parseHoldFile } from '../args/hold-file.ts'
import { quote } from '../args/quote.ts'
import type { Context } from '../context.ts'
import { TphctlError, UsageError } from '../errors.ts'
import { checkBeforeOpening, holdDevices } from '../tph/hold.ts'
import type { Host } from '../tph/host.ts'
import { planSet } from '../tph/plan-set.ts'
import { program } from '../tph/program.ts'
import type { CommandSpec, Outcome } from './spec.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `tphctl hold DEVICE… [-f FILE] [--vf-token UUID]`. */
export const hold: CommandSpec = {
  arguments: [
    { name: '<devices...>', description: 'PCI addresses of devices that nobody else uses' },
  ],
  options: [
    {
      flags: '-f, --file <file>',
      description: 'set these: lines "DEVICE ENTRY...", or ENTRYs for one device; again on SIGHUP',
    },
    { flags: '--vf-token <uuid>', description: 'token of a VF whose PF is on vfio-pci' },
  ],
  alone: 'it stays until a signal ends it',
  examples: ['hold 81:00.0', 'hold 81:00.0 -f /etc/tphctl.d/81:00.0 &'],
  async run({ words, options }, context) {
    const bdfs = [...new Set(words.map(parseBdf))]
    const file = typeof options['file'] === 'string' ? options['file'] : null
    const token = parseToken(options['vfToken'])
    const wanted = file === null ? [] : parseHoldFile(context.io.readFile(file), file, bdfs)
    const host = context.host()
    checkBeforeOpening(host, bdfs, wanted)
    if (context.dryRun) return { result: null }
    const held = holdDevices(host, bdfs, token)
    try {
      return await keep(context, bdfs, file)
    } finally {
      held.release()
    }
  },
}

function parseToken(word: string | boolean | undefined): string | null {
  if (typeof word !== 'string') return null
  if (UUID.test(word)) return word
  const right = 'expected a UUID such as 83d8f4f2-509f-382f-3c1e-e6bfe0fa1001'
  throw new UsageError(`Cannot parse VF token ${quote(word)}: ${right}`)
}

/** Sets what the file says, says that all is ready, and stays until a signal ends it. */
async function keep(context: Context, bdfs: readonly Bdf[], file: string | null): Promise<Outcome> {
  const { io, host } = context
  const { backend } = host()
  const nextSignal = io.catchSignals(['SIGHUP', 'SIGTERM', 'SIGINT'])
  apply(context, file, bdfs)
  for (const bdf of bdfs) io.stdout.write(`ready: ${bdf}\n`)
  backend.notify('READY=1')
  for (;;) {
    const { name, number } = await nextSignal()
    if (name === 'SIGHUP') applyAgain(context, file, bdfs)
    else {
      farewell(backend)
      return { result: null, exitCode: io.env['NOTIFY_SOCKET'] ? 0 : 128 + number }
    }
  }
}

/** Whoever asked for the end does not need to hear of it. */
function farewell(backend: Host['backend']): void {
  try {
    backend.notify('STOPPING=1')
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
  }
}

function applyAgain(context: Context, file: string | null, bdfs: readonly Bdf[]): void {
  try {
    apply(context, file, bdfs)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    context.notices.note(`what is held stays as it is: ${error.message}`)
  }
}

function apply({ io, host }: Context, file: string | null, bdfs: readonly Bdf[]): void {
  if (file === null) return
  const plans = parseHoldFile(io.readFile(file), file, bdfs).map(({ bdf, entries }) =>
    planSet(host(), bdf, entries, { memoryType: 'vm', cycle: false }),
  )
  const { error } = program(host(), plans, 'hold')
  if (error !== null) throw error
}
