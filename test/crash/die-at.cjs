'use strict'

/*
 * Runs the built program so that it dies where it is told: `die-at.cjs PROGRAM MODE N -- WORDS...`. Calls of node:fs that change
 * something are numbered from 1.
 *
 *   tell 0       runs it to its end and writes the name of each call to fd 3, a line, before it
 *   before N     kills itself before call N
 *   half N       does half of call N, which is a write, and kills itself
 */

const fs = require('node:fs')

const [, , program, mode, n, , ...words] = process.argv
const at = Number(n)
let calls = 0
const { writeSync, writeFileSync, openSync, closeSync } = fs
/** Opens that neither make nor empty a file change nothing. */
const CREATES = fs.constants.O_CREAT | fs.constants.O_TRUNC

const CHANGING = [
  'appendFileSync',
  'chmodSync',
  'fchmodSync',
  'fsyncSync',
  'ftruncateSync',
  'linkSync',
  'mkdirSync',
  'openSync',
  'renameSync',
  'rmSync',
  'symlinkSync',
  'unlinkSync',
  'writeFileSync',
  'writeSync',
]

for (const name of CHANGING) {
  const call = fs[name]
  fs[name] = (...words) => {
    if (name === 'openSync' && !creates(words[1])) return call(...words)
    reach(name, words)
    return call(...words)
  }
}

function creates(flags = 'r') {
  return typeof flags === 'number' ? (flags & CREATES) !== 0 : /^(?:w|a)/.test(flags)
}

function reach(name, words) {
  calls += 1
  if (mode === 'tell') writeSync(3, `${name}\n`)
  if (calls !== at) return
  if (mode === 'half') doHalf(name, words)
  if (mode === 'before' || mode === 'half') die()
}

function doHalf(name, [file, data, ...rest]) {
  const bytes = Buffer.from(data, rest[0]?.encoding)
  if (name === 'writeSync') {
    writeSync(file, bytes, rest[0] ?? 0, Math.floor((bytes.length - (rest[0] ?? 0)) / 2))
    return
  }
  if (name !== 'writeFileSync') throw new Error(`there is no half of ${name}`)
  const fd = typeof file === 'number' ? file : openSync(file, 'w', rest[0]?.mode)
  writeFileSync(fd, bytes.subarray(0, bytes.length / 2))
  if (fd !== file) closeSync(fd)
}

function die() {
  process.kill(process.pid, 'SIGKILL')
  // It is asynchronous, in theory.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}

process.argv = [process.argv[0], program, ...words]
require(program)
