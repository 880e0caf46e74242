import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'

const DEMO = fileURLToPath(new URL('../../share/demo.sh', import.meta.url))

it('the demo leaves nothing behind, neither where it works nor where users keep things', () => {
  const directory = temporaryDirectory()
  const folders = ['tmp', 'home', 'code'].map((name) => join(directory, name))
  for (const folder of folders) mkdirSync(folder, { mode: 0o700 })
  const [TMPDIR, HOME, TPHCTL_CODE_CACHE] = folders
  const env = { ...process.env, TMPDIR, HOME, TPHCTL_CODE_CACHE }
  const shown = execFileSync('sh', [DEMO], { env, encoding: 'utf8' })
  expect(shown).toContain('0x0103')
  expect(folders.map((folder) => readdirSync(folder))).toEqual([[], [], []])
})
