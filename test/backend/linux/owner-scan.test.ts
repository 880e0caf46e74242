import { describe, expect, it } from 'vitest'
import { scanProcesses } from '../../../src/backend/linux/owner-scan.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { ownerHost } from './owner-host.ts'

/** The fake host as if it were the running one, in some PID namespace. */
class RunningRoot extends Root {
  readonly #namespace: string | null

  constructor(folder: string, namespace: string | null) {
    super(folder)
    this.#namespace = namespace
  }

  override get isRunningHost(): boolean {
    return true
  }

  override link(path: string): string | null {
    return path === '/proc/self/ns/pid' ? this.#namespace : super.link(path)
  }
}

describe('scanProcesses()', () => {
  it.each([
    ['in the PID namespace of the host', 'pid:[4026531836]', false],
    ['on a kernel without PID namespaces', null, false],
    ['in a container', 'pid:[4026532201]', true],
  ])('%s', (_, namespace, hidden) => {
    const { fake } = ownerHost()
    expect(scanProcesses(new RunningRoot(fake.folder, namespace), null).hidden).toBe(hidden)
  })
})
