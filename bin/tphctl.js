#!/usr/bin/env node
'use strict'

/*
 * Loads the built program, dist/program, part by part. Compiling a part takes longer than most commands do, so the compiled
 * code is kept between calls (V8's code cache): in /var/cache/tphctl for root, else in tphctl in the user's cache folder (XDG
 * base directory specification 0.8), or where TPHCTL_CODE_CACHE says. What lies there is run, so only a folder is used that
 * belongs to the user and that nobody else may write to, as the one it is in; and under sudo the variable counts only with
 * --trust-environment. Without a folder everything works the same, some milliseconds later.
 */

const fs = require('node:fs')
const { Script } = require('node:vm')

const PROGRAM = `${__dirname.slice(0, __dirname.lastIndexOf('/'))}/dist/program`
const CORE = 'core.cjs'
const COMMAND = 'commands-'
/** What parts are written in: their bytes are their characters. */
const ASCII = 'latin1'
/** Of the hash of the build, which is a comment that the core begins with. */
const BUILD_ID_LENGTH = 32

/** Parts by file name, as their modules. @type {Map<string, { exports: unknown }>} */
const loaded = new Map()
/** Parts that were compiled in this call, and the files to keep their code in. @type {{ file: string, script: Script }[]} */
const compiled = []
/** The folder with the compiled code of this build; null when there is none to be trusted. @type {string | null} */
let folder = null
/** What was asked for. */
const words = process.argv.slice(2)
const isHelp = words.length === 0 || words.includes('--help') || words.includes('-h')
/** Each purpose keeps code of its own, since it is only worth having of the functions that ran: the command, once it is known. */
let purpose = isHelp ? 'help' : 'call'

const core = readIfThere(`${PROGRAM}/${CORE}`)?.toString(ASCII)
if (core === undefined) {
  reportUnbuilt()
} else {
  folder = trustedFolder(core)
  load(CORE, core)
}

/** Loads a part once. @param {string} name @param {string} source @returns {unknown} its exports */
function load(name, source = fs.readFileSync(`${PROGRAM}/${name}`, ASCII)) {
  if (!isHelp && name.startsWith(COMMAND)) purpose = name.slice(COMMAND.length, -'.cjs'.length)
  const filename = `${PROGRAM}/${name}`
  const module = { exports: {} }
  loaded.set(name, module)
  const run = compile(name, source, filename).runInThisContext()
  run.call(module.exports, module.exports, requirePart, module, filename, PROGRAM)
  return module.exports
}

/** What `require` is to a part. @param {string} id @returns {unknown} */
function requirePart(id) {
  if (id.startsWith('node:')) return process.getBuiltinModule(id)
  if (!id.startsWith('./')) return require(id)
  const name = id.slice(2)
  return loaded.get(name)?.exports ?? load(name)
}

/** Compiles a part, or takes what was kept of it. @param {string} name @param {string} source @param {string} filename */
function compile(name, source, filename) {
  if (folder === null) return new Script(source, { filename })
  const file = `${folder}/${purpose}-${name}`
  const cachedData = readIfThere(file)
  const script = new Script(source, { filename, cachedData })
  if (cachedData === undefined || script.cachedDataRejected) {
    if (compiled.length === 0) process.on('exit', keep)
    compiled.push({ file, script })
  }
  return script
}

/** A call that failed ran other code than most will. @param {number} exitCode */
function keep(exitCode) {
  if (exitCode === 0) require('./keep-compiled.js').keepCompiled(compiled)
}

/**
 * The folder for the code of one build, compiled by one Node.js. V8 refuses code of another version by itself, but not that
 * of another source of the same length, so the build is in the name. Options of Node.js change the code, and coverage is told
 * of functions compiled in this call only: nothing is kept then.
 *
 * @param {string} source the core
 */
function trustedFolder(source) {
  const { NODE_OPTIONS, NODE_V8_COVERAGE } = process.env
  const id = source.startsWith('// ') && source.slice(3, 3 + BUILD_ID_LENGTH)
  const base = cacheFolder()
  if (!id || base === '' || NODE_OPTIONS || NODE_V8_COVERAGE || process.execArgv.length > 0) {
    return null
  }
  const path = `${base}/${id}-${process.version}-${process.arch}`
  return isOurs(base, path) ? path : null
}

/** Empty for none. */
function cacheFolder() {
  const { TPHCTL_CODE_CACHE: named, XDG_CACHE_HOME: cache, HOME: home } = process.env
  const isRoot = process.geteuid?.() === 0
  if (named !== undefined && !(isRoot && isSomebodyElses(named))) return named
  if (isRoot) return '/var/cache/tphctl'
  if (cache?.startsWith('/')) return `${cache}/tphctl`
  return home?.startsWith('/') ? `${home}/.cache/tphctl` : ''
}

/** Whether root's environment is that of whoever ran sudo. That none is kept anybody may say. @param {string} named */
function isSomebodyElses(named) {
  return (
    named !== '' &&
    Boolean(process.env['SUDO_UID']) &&
    !process.argv.includes('--trust-environment')
  )
}

/** Whether a folder is there, or could be made, to which only this user may write. @param {string} base @param {string} path */
function isOurs(base, path) {
  try {
    const found = fs.lstatSync(path, { throwIfNoEntry: false })
    return (
      isPrivate(found ?? require('./keep-compiled.js').makeFolder(path)) &&
      isPrivate(fs.lstatSync(base))
    )
  } catch {
    return false
  }
}

/** @param {fs.Stats} stats */
function isPrivate(stats) {
  return stats.isDirectory() && stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0
}

/** @param {string} file @returns {Buffer | undefined} */
function readIfThere(file) {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

function reportUnbuilt() {
  const path = `${PROGRAM}/${CORE}`
  process.stderr.write(`tphctl: Cannot find the built program: ENOENT, "${path}" is not there\n`)
  process.stderr.write('hint: "npm ci && npm run build" in the source folder builds it\n')
  process.exitCode = 8
}
