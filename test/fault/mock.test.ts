import { vi } from 'vitest'
import { faultSuite } from './suite.ts'

vi.mock('node:fs', async (original) => (await import('./faulty-fs.ts')).faultyFs(await original()))
vi.mock('../../src/backend/mock/mock-device.ts', async (original) => {
  const { faultyDevice } = await import('./faulty-device.ts')
  const own = await original<typeof import('../../src/backend/mock/mock-device.ts')>()
  return { ...own, MockDevice: faultyDevice(own.MockDevice) }
})

faultSuite('mock')
