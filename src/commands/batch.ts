import { runBatch } from '../batch/run-batch.ts'
import { serve } from '../batch/serve.ts'
import { readSteps } from '../batch/steps.ts'
import { UsageError } from '../errors.ts'
import type { CommandSpec } from './spec.ts'

const STDIN = '-'

/** `tphctl batch [-|FILE] [--keep-going]` and `tphctl batch --serve`. */
export const batch: CommandSpec = {
  arguments: [
    {
      name: '[file]',
      description: 'one command a line, # begins a comment; - is standard input (default: -)',
    },
  ],
  options: [
    { flags: '-k, --keep-going', description: 'do not stop at the first line that fails' },
    {
      flags: '--serve',
      description: 'answer each line of standard input with its result and a status line',
    },
  ],
  alone: 'it is a batch itself',
  examples: [
    'batch - < steps.txt',
    'batch --keep-going --json - < steps.txt',
    'batch --serve - < steps.txt',
  ],
  async run({ words: [file = STDIN], options }, context) {
    if (options['serve'] === true) {
      if (file !== STDIN)
        throw new UsageError('Cannot serve a file: --serve answers standard input')
      return serve(context)
    }
    const { io, calls } = context
    const [text, source] = file === STDIN ? [io.readStdin(), 'stdin'] : [io.readFile(file), file]
    const steps = await readSteps(text, source, calls)
    return runBatch(steps, options['keepGoing'] === true, context)
  },
}
