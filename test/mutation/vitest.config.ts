import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { loadFailures } from './load-failures.ts'

/** The folder of src whose mutants are tried; its tests are those in the folder of that name here. */
const folder = process.env['TPHCTL_MUTATED'] ?? '{abi,args,pci,tph}'

/** The tests that mutants have to get past, none of which needs the built program. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [`test/${folder}/**/*.test.ts`],
    setupFiles: ['test/mutation/brief-properties.ts'],
    reporters: [loadFailures()],
    testTimeout: 300_000,
    unstubEnvs: true,
  },
})
