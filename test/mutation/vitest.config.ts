import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { loadFailures } from './load-failures.ts'

/** The folder of src whose mutants are tried; its tests are those in the folder of that name here. */
const folder = process.env['TPHCTL_MUTATED'] ?? '{abi,args,pci,tph}'
/** Where what several commands do together is tested: undo and modes, most of which is in src/tph. */
const together = folder === 'tph' ? ['commands', 'desired'] : []

/** The tests that mutants have to get past, none of which needs the built program. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [folder, ...together].map((name) => `test/${name}/**/*.test.ts`),
    setupFiles: ['test/mutation/brief-properties.ts'],
    reporters: [loadFailures()],
    testTimeout: 300_000,
    unstubEnvs: true,
  },
})
