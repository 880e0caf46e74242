import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completionScripts } from '../../src/completion/scripts.ts'
import { type TestShell, testShell } from '../helpers/run-program.ts'
import { PROMPT, typeKeys } from './type-keys.ts'

/** Whether a program is installed here. */
function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}

/** How an interactive shell with the script is started, and its start file. */
const interactive: Readonly<Record<string, { command: string; file: string; start: string }>> = {
  bash: {
    command: 'bash --noprofile --rcfile rc -i',
    file: 'rc',
    start: `PS1='${PROMPT}'
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind -x '"\\C-g": printf "«%s»" "$READLINE_LINE"'
source <(tphctl completion bash)
`,
  },
  zsh: {
    command: 'ZDOTDIR=. zsh -d -i',
    file: '.zshrc',
    start: `PS1='${PROMPT}' PROMPT_EOL_MARK=
setopt no_beep
unset zle_bracketed_paste
autoload -U compinit && compinit -u -D
show() { print -rn -- "«$BUFFER»" }
zle -N show
bindkey '^G' show
source <(tphctl completion zsh)
`,
  },
}

/** A folder with a file whose name has colons, as state files of devices have. */
function shellWithFiles(): TestShell {
  const shell = testShell()
  mkdirSync(join(shell.directory, 'state.d'))
  writeFileSync(join(shell.directory, 'state.d/0000:81:00.0.entries'), '')
  return shell
}

/** The line that keys come to in an interactive shell with the script, blanks at its end left out. */
async function typed(name: string, keys: string, more = ''): Promise<string | undefined> {
  const shell = shellWithFiles()
  const { command, file, start } = interactive[name] ?? { command: '', file: '', start: '' }
  writeFileSync(join(shell.directory, file), start + more)
  const { line, screen } = await typeKeys(shell, command, keys)
  expect(line, screen).not.toBeNull()
  return line?.trimEnd().replace(/ +/g, ' ').replaceAll('\\:', ':')
}

const LINES = [
  ['tphctl verif\t', 'tphctl verify'],
  ['tphctl get 0000:81\t', 'tphctl get 0000:81:00.0'],
  ['tphctl get 0000:81:0\t', 'tphctl get 0000:81:00.0'],
  ['tphctl get 82\t', 'tphctl get 82:00.0'],
  ['tphctl get 81:00.0 \t', 'tphctl get 81:00.0 0-63'],
  ['tphctl set 81:00.0 0-3,\t', 'tphctl set 81:00.0 0-3,4-63='],
  ['tphctl set 82:00.0 0-3=node:0 4=lo\t', 'tphctl set 82:00.0 0-3=node:0 4=local'],
  ['tphctl set 81:00.0 0-3=no\tn\t', 'tphctl set 81:00.0 0-3=none'],
  ['tphctl set 81:00.0 0-3=node:1@p\t', 'tphctl set 81:00.0 0-3=node:1@pm'],
  ['tphctl list --output=js\t', 'tphctl list --output=json'],
  ['tphctl list -o nd\t', 'tphctl list -o ndjson'],
  ['tphctl list --eph\t', 'tphctl list --ephemeral'],
  ['tphctl hold 81:00.0 -f sta\t0\t', 'tphctl hold 81:00.0 -f state.d/0000:81:00.0.entries'],
  ['tphctl hold --file=sta\t0\t', 'tphctl hold --file=state.d/0000:81:00.0.entries'],
  ['tphctl --root=sta\t', 'tphctl --root=state.d/'],
  ['tphctl nonsense \t', 'tphctl nonsense'],
] as const

describe.each(Object.keys(interactive))('%s', (name) => {
  const missing = [name, 'script'].filter((program) => !has(program))
  const when = missing.length > 0 ? ` (skipped: no ${missing.join(', ')})` : ''

  it.skipIf(missing.length > 0).each(LINES)(`completes "%s"${when}`, async (keys, line) => {
    expect(await typed(name, keys)).toBe(line)
  })
})

describe.skipIf(!has('bash') || !has('script'))('bash', () => {
  it('completes in quotes, in the middle of a line and in a pipeline', async () => {
    expect(await typed('bash', 'tphctl get "0000:82\t')).toBe('tphctl get "0000:82:00.0"')
    expect(await typed('bash', 'tphctl get 0000:82 -v\u001b[D\u001b[D\u001b[D\t')).toBe(
      'tphctl get 0000:82:00.0 -v',
    )
    expect(await typed('bash', 'echo 0=1 | tphctl set 81\t')).toBe('echo 0=1 | tphctl set 81:00.0')
  })

  it('completes whatever COMP_WORDBREAKS has', async () => {
    const more = 'COMP_WORDBREAKS=" "\n'
    expect(await typed('bash', 'tphctl set 0000:81:00.0 0=node:1@p\t', more)).toBe(
      'tphctl set 0000:81:00.0 0=node:1@pm',
    )
    expect(await typed('bash', 'tphctl hold --file=state.d/0\t', more)).toBe(
      'tphctl hold --file=state.d/0000:81:00.0.entries',
    )
  })

  const loader = '/usr/share/bash-completion/bash_completion'
  const hasLoader = spawnSync('test', ['-e', loader]).status === 0
  it.skipIf(!hasLoader)('completes behind sudo (bash-completion)', async () => {
    const more = `source ${loader}\n`
    expect(await typed('bash', 'sudo tphctl get 0000:82\t', more)).toBe(
      'sudo tphctl get 0000:82:00.0',
    )
  })
})

describe.skipIf(!has('fish'))('fish', () => {
  async function offered(line: string): Promise<string[]> {
    const shell = shellWithFiles()
    const script = `tphctl completion fish | source; complete -C '${line}'`
    const { stdout, stderr } = await shell.sh(`HOME=. fish --no-config -c "${script}"`)
    expect(stderr).toBe('')
    return stdout.split('\n').slice(0, -1)
  }

  it.each([
    ['tphctl verif', ["verify\tcompare the kernel's tags with the device's own table"]],
    ['tphctl get 0000:81', ['0000:81:00.0\tvfio-pci, node 0, 64 entries']],
    ['tphctl get 82', ['82:00.0\tvfio-pci, node 1, 2048 entries']],
    ['tphctl set 81:00.0 0-3,', ['0-3,4-63=']],
    ['tphctl set 81:00.0 0=lo', ['0=local\tCPUs 0-7']],
    ['tphctl list --output=js', ['--output=json']],
    ['tphctl hold -f state.d/', ['state.d/0000:81:00.0.entries']],
    ['tphctl hold --file=state.d/', ['--file=state.d/0000:81:00.0.entries']],
    ['tphctl nonsense ', []],
  ])('offers for "%s"', async (line, words) => {
    expect(await offered(line)).toEqual(words)
  })
})

describe.each(Object.keys(completionScripts))('the script of %s', (name) => {
  it.skipIf(!has(name))('parses', async () => {
    const run = await testShell().sh(`tphctl completion ${name} > script && ${name} -n script`)
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })
})
