import { defineConfig } from 'rolldown'

/** What writes the manual and the completion scripts, from the same sources as the program. */
export default defineConfig({
  logLevel: 'warn',
  input: 'src/manual/write.ts',
  platform: 'node',
  transform: { define: { 'import.meta.url': '__filename' }, target: 'node20' },
  external: [/^ajv(\/|$)/, 'yaml'],
  output: { file: 'dist/write-share.cjs', format: 'cjs', codeSplitting: false },
})
