import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory of its own for the test that runs, removed when it is over. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'tphctl-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
