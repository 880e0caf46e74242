import { join } from 'node:path'
import type { Fault } from './injector.ts'
import { endsFor, toleratedBecause } from './rules.ts'
import type { Stage, Trial } from './stage.ts'

const fs = process.getBuiltinModule('node:fs')

/** What is wrong with how a command with a fault ended, a sentence each. */
export function outcomeComplaints(
  stage: Stage,
  clean: Trial,
  trial: Trial,
  fault: Fault,
): string[] {
  const { exitCode, stdout, stderr } = trial.run
  const errors = errorsIn(stderr)
  const wrong = errors.flatMap(({ message, isWhole }) =>
    isWhole && /^(\S+: )?Cannot [a-z]+ \S/.test(message) ? [] : [`says "${message}"`],
  )
  const names = [stdout, stderr, bundleOf(stage)].some((text) =>
    namesOf(fault).some((name) => text.includes(name)),
  )
  if (exitCode === clean.run.exitCode) {
    if (names) return wrong
    const isOther = timeless(stdout) !== timeless(clean.run.stdout) || stderr !== clean.run.stderr
    const because = toleratedBecause(stage.scenario, fault, isOther)
    return because === null
      ? [...wrong, `${isOther ? 'another result' : 'success'} without a word of it: ${stderr}`]
      : wrong
  }
  const { exits, named } = endsFor(stage.scenario, fault)
  if (!exits.includes(exitCode))
    wrong.push(`exit ${exitCode} and not ${exits.join(' or ')}: ${stderr}`)
  if (errors.length === 0) wrong.push(`exit ${exitCode} without an error`)
  if (named && !names) wrong.push(`does not name ${fault.errno}: ${stderr}`)
  return wrong
}

/** What is being removed may be told as not there, and what is hidden in /proc has one name. */
function namesOf({ errno, object }: Fault): string[] {
  if (errno === 'ENODEV' && object.startsWith('/sys/')) return ['ENODEV', 'ENOENT']
  return errno === 'EPERM' && /^\/(proc|sys)\//.test(object) ? ['EPERM', 'EACCES'] : [errno]
}

/** The errors on stderr, as json or as lines; a stack is what a bug shows. */
function errorsIn(stderr: string): { message: string; isWhole: boolean }[] {
  return stderr.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) {
      const text = /^tphctl: (?!note: |warning: )(.*)$/.exec(line)?.[1]
      return text === undefined ? [] : [{ message: text, isWhole: true }]
    }
    const { error } = JSON.parse(line) as { error?: { message: string; stack?: string } }
    if (error === undefined) return []
    return [
      {
        message: error.message,
        isWhole: error.stack === undefined && !error.message.includes('\n'),
      },
    ]
  })
}

function timeless(text: string): string {
  return text.replace(/"time":"[^"]*"/g, '"time":""')
}

/** What a bundle says. */
function bundleOf({ world, scenario }: Stage): string {
  if (!scenario.call.startsWith('gather')) return ''
  const files = ['MANIFEST', 'doctor.json'].map((name) =>
    join(world.folder, 'home/me/bundle', name),
  )
  return files.map((file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')).join('')
}
