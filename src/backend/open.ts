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
  { backend, mockHost, isMockHostFromEnvironment, linux }: Settings,
  io: Io,
): Promise<() => Backend> {
  if (backend === 'mock') {
    const { openMock } = await import('./mock/open-mock.ts')
    const host =
      mockHost === null ? null : await readDump(mockHost, isMockHostFromEnvironment ? io : null)
    return () => openMock(host === null ? null : host(), io)
  }
  const { openLinux } = await import('./linux/open-linux.ts')
  return () => openLinux(linux, io)
}

/** What a dump is read with is loaded for a dump only. @param io where its name is from, unless the command line has it */
async function readDump(file: string, io: Io | null): Promise<() => MockHost> {
  const { hostFromDump, hostFromEnvironment } = await import('./mock/dump-host.ts')
  return () => (io === null ? hostFromDump(file) : hostFromEnvironment(io, file))
}
