import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PLACE } from './workplace.ts'

/** A Node.js to measure on. */
export interface NodeBinary {
  /** Major version. */
  readonly major: string
  readonly path: string
  /** `v22.23.3` */
  readonly version: string
}

/** The Node.js of a major version: this one, one that npm brought before, or one that npm brings now; null where npm cannot. */
export function findNode(major: string): NodeBinary | null {
  if (process.versions.node.startsWith(`${major}.`)) return binary(major, process.execPath)
  const home = join(PLACE, `node${major}`)
  const path = join(home, `node_modules/node-linux-${process.arch}/bin/node`)
  if (!existsSync(path)) {
    const what = `node-linux-${process.arch}@${major}`
    spawnSync('npm', ['install', '--silent', '--no-save', '--prefix', home, what])
  }
  return existsSync(path) ? binary(major, path) : null
}

function binary(major: string, path: string): NodeBinary {
  return { major, path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }
}
