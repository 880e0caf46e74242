#!/usr/bin/env node
'use strict'

const program = require('node:path').join(__dirname, '..', 'dist', 'tphctl.cjs')

if (require('node:fs').existsSync(program)) {
  require(program)
} else {
  process.stderr.write(`tphctl: Cannot find the built program: ENOENT, "${program}" is not there\n`)
  process.stderr.write('hint: "npm ci && npm run build" in the source folder builds it\n')
  process.exitCode = 8
}
