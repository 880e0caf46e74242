import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/**
 * What passes on one version of Node.js when it passes on another: what kills processes, what is in packages, what other programs
 * make of our texts, and rules about the sources. The rest has to pass on every version (`npm run test:portable`).
 */
const ONE_NODE = [
  'test/backend/linux/borrowers-real.test.ts',
  'test/backend/mock/killed.test.ts',
  'test/bench/**',
  'test/completion/shells.test.ts',
  'test/crash/**',
  'test/fault/**',
  'test/import-rule.test.ts',
  'test/manual/**',
  'test/package.test.ts',
  'test/share/**',
]

/** Where a machine-readable report goes, for whoever counts (`.ci/run`). */
const report = process.env['TPHCTL_TEST_REPORT']

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    exclude: process.env['TPHCTL_TESTS'] === 'portable' ? ONE_NODE : [],
    globalSetup: ['test/global-setup.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    unstubEnvs: true,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json', 'json-summary'],
      thresholds: { lines: 95, branches: 90 },
    },
  },
})
