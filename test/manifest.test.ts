import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../src/version.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly peer?: boolean
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const readJson = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
const manifest = readJson('package.json')
const lockText = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
const locked: Record<string, LockedPackage> = JSON.parse(lockText).packages

describe('package.json', () => {
  it('has the version of the program and of the lock file', () => {
    expect(manifest.version).toBe(VERSION)
    expect(locked['']?.version).toBe(VERSION)
    expect(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')).toContain(VERSION)
  })

  it('names no dependency that the lock file lacks', () => {
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(names.filter((name) => locked[`node_modules/${name}`] === undefined)).toEqual([])
  })
})

describe('package-lock.json', () => {
  it('names no registry', () => {
    expect(lockText).not.toContain('"resolved"')
    expect(lockText).not.toMatch(/registry\.|npmjs|localhost|127\.0\.0\.1/)
  })

  it('holds every optional package that a locked one names, which npm 11 insists on', () => {
    const missing = Object.values(locked).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => !(`node_modules/${name}` in locked)),
    )
    expect(missing).toEqual([])
  })

  it('has no production dependency with an install script but koffi', () => {
    const scripted = Object.entries(locked).filter(
      ([, { dev, peer, hasInstallScript }]) => !dev && !peer && hasInstallScript === true,
    )
    expect(scripted.map(([path]) => path)).toEqual(['node_modules/koffi'])
  })
})
