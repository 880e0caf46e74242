import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { replaceFile } from '../../../src/backend/mock/replace-file.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

const DEAD = spawnSync('true').pid
const HOUR_SECONDS = 60 * 60

/** A directory with these files, each so many hours old. */
function directoryWith(files: Readonly<Record<string, number>>): string {
  const directory = temporaryDirectory()
  for (const [name, hours] of Object.entries(files)) {
    const time = Date.now() / 1000 - hours * HOUR_SECONDS
    writeFileSync(join(directory, name), 'x')
    utimesSync(join(directory, name), time, time)
  }
  return directory
}

describe('replaceFile()', () => {
  it('writes what only the user may read', () => {
    const path = join(temporaryDirectory(), 'state')
    replaceFile(path, 'a\u00e9')
    expect(readFileSync(path).toString('hex')).toBe('61e9')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('removes what killed commands left, and what is older than a day', () => {
    const directory = directoryWith({ [`state.${DEAD}.new`]: 0, 'state.1.new': 25, state: 0 })
    replaceFile(join(directory, 'state'), 'new')
    expect(readdirSync(directory)).toEqual(['state'])
    expect(readFileSync(join(directory, 'state'), 'utf8')).toBe('new')
  })

  it('leaves alone what runs and what has another name', () => {
    const names = [
      'state.1.new',
      `other.${DEAD}.new`,
      `state.${DEAD}.new.txt`,
      `state.${DEAD}`,
      `state.x${DEAD}.new`,
      `stateX${DEAD}.new`,
      'state.0.new',
    ]
    const directory = directoryWith(Object.fromEntries(names.map((name) => [name, 1])))
    replaceFile(join(directory, 'state'), 'new')
    expect(readdirSync(directory).sort()).toEqual([...names, 'state'].sort())
  })

  it('leaves nothing of its own when it fails, and does not mind what it cannot remove', () => {
    const directory = temporaryDirectory()
    const path = join(directory, 'state')
    mkdirSync(join(path, 'inside'), { recursive: true })
    mkdirSync(`${path}.${DEAD}.new`)
    expect(() => replaceFile(path, 'new')).toThrow('EISDIR')
    expect(readdirSync(directory).sort()).toEqual(['state', `state.${DEAD}.new`])
  })
})
