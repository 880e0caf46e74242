import { vi } from 'vitest'
import { faultSuite } from './suite.ts'

vi.mock('node:fs', async (original) => (await import('./faulty-fs.ts')).faultyFs(await original()))
vi.mock('../../native-shims/load.ts', async () => {
  const { faultyLibc } = await import('./linux-world.ts')
  return { loadLibc: faultyLibc }
})

faultSuite('linux')
