import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { PROGRAM } from '../helpers/run-program.ts'
import { unfinished } from './files.ts'
import type { World } from './world.ts'

/**
 * The code that a killed command kept is sound: the next call uses it and works, drops what is unfinished and keeps the rest, and
 * the one after it finds nothing to do.
 */
export async function expectSoundCode(world: World, words: readonly string[]): Promise<void> {
  const env = { ...world.env, TPHCTL_CODE_CACHE: join(world.folder, 'code') }
  const run = () => promisify(execFile)(process.execPath, [PROGRAM, ...words], { env })
  const first = await run()
  expect(unfinished(world)).toEqual([])
  const files = world.files()
  expect(await run()).toEqual(first)
  expect(world.files()).toEqual(files)
  expect([...files.keys()].filter((name) => name.startsWith('code/')).length).toBeGreaterThan(1)
}
