import type { Io } from '../io.ts'
import type { Settings } from '../settings.ts'
import type { MockHost } from './mock/mock-host.ts'
import type { Backend } from './types.ts'

/**
 * Loads the backend that the settings choose, and only that one.
 *
 * @returns what opens the host, which a command may never ask for
 */
export async function loadBackend(
  { backend, mockHost, linux }: Settings,
  io: Io,
): Promise<() => Backend> {
  if (backend === 'mock') {
    const { openMock } = await import('./mock/open-mock.ts')
    const host = mockHost === null ? null : await readDump(mockHost)
    return () => openMock(host === null ? null : host(), io)
  }
  const { openLinux } = await import('./linux/open-linux.ts')
  return () => openLinux(linux, io)
}

/** What a dump is read with is loaded for a dump only. */
async function readDump(file: string): Promise<() => MockHost> {
  const { hostFromDump } = await import('./mock/dump-host.ts')
  return () => hostFromDump(file)
}
