'use strict'

/*
 * Writes what bin/tphctl.js keeps between calls. V8 takes damaged code for sound: a file gets its name when it is whole and on
 * disk, and is as good then as the program's own.
 */

const fs = require('node:fs')
const { dirname, join } = require('node:path')

const DAY_MILLISECONDS = 86_400_000
/** Code of a build that got no new file for so long is dropped; a build that is still in use writes its own again. */
const STALE_DAYS = 60
const FOLDER_NAME = /^[0-9a-f]{32}-v[\d.]+[^/]*$/

/**
 * Makes the folder for a build, for this user only, and drops those of builds long gone.
 *
 * @param {string} path
 * @returns {fs.Stats} its own
 * @throws {Error} what mkdir throws
 */
exports.makeFolder = (path) => {
  process.umask(0o077)
  makeEach(path)
  for (const name of fs.readdirSync(dirname(path))) {
    if (FOLDER_NAME.test(name)) dropIfStale(join(dirname(path), name))
  }
  return fs.lstatSync(path)
}

/** What mkdir does by itself when told to be recursive, but in /proc it tries for ever. @param {string} path */
function makeEach(path) {
  if (fs.existsSync(path)) return
  makeEach(dirname(path))
  try {
    fs.mkdirSync(path, 0o700)
  } catch (error) {
    // Another call was quicker.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
}

/**
 * Keeps compiled code. Where there is no room, or no right, the next call compiles again.
 *
 * @param {readonly { file: string, script: import('node:vm').Script }[]} compiled
 */
exports.keepCompiled = (compiled) => {
  try {
    const [first] = compiled
    if (first !== undefined) dropUnfinished(dirname(first.file))
    for (const { file, script } of compiled) writeWhole(file, script.createCachedData())
  } catch {
    // Whoever asked for something else is not to be bothered with this.
  }
}

/** @param {string} file @param {Buffer} bytes */
function writeWhole(file, bytes) {
  const unfinished = `${file}.${process.pid}`
  try {
    const fd = fs.openSync(unfinished, 'wx', 0o600)
    try {
      fs.writeFileSync(fd, bytes)
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
    fs.renameSync(unfinished, file)
  } catch (error) {
    fs.rmSync(unfinished, { force: true })
    throw error
  }
}

/** Files whose writer was killed. @param {string} folder */
function dropUnfinished(folder) {
  for (const name of fs.readdirSync(folder)) {
    const pid = /\.cjs\.([1-9]\d{0,9})$/.exec(name)?.[1]
    if (pid !== undefined && isGone(Number(pid))) fs.rmSync(join(folder, name), { force: true })
  }
}

/** Whether no process of this PID namespace has that pid. @param {number} pid */
function isGone(pid) {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH'
  }
}

/** @param {string} path */
function dropIfStale(path) {
  const stats = fs.lstatSync(path)
  if (!stats.isDirectory() || Date.now() - stats.mtimeMs < STALE_DAYS * DAY_MILLISECONDS) return
  fs.rmSync(path, { recursive: true, force: true })
}
