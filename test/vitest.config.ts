import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Where a machine-readable report goes, for whoever counts (`.ci/run`). */
const report = process.env['TPHCTL_TEST_REPORT']

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    unstubEnvs: true,
  },
})
