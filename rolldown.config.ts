import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import {
  defineConfig,
  type OutputOptions,
  type Plugin,
  type PreRenderedChunk,
  type RolldownOptions,
} from 'rolldown'

/*
 * How the program is built: as CommonJS in a few parts, of which a call loads what it needs. bin/tphctl.js loads them. It is
 * not minified: compiled code is kept between calls, so that the length of the source costs nothing, and a stack in a bug
 * report names lines.
 */

/** Where Node.js finds commander; all of its modules are CommonJS, which takes longer to start than one scope does. */
const COMMANDER = /\/node_modules\/commander\/(?:lib\/\w+|index)\.js$/

/** Makes commander's modules ES modules, and takes from it what starts programs: tphctl starts none. */
const commander: Plugin = {
  name: 'commander',
  transform(code, id) {
    if (!COMMANDER.test(id)) return null
    const module = code
      .replace(
        /^const childProcess = require\('node:child_process'\);$/m,
        'const childProcess = null;',
      )
      .replace(/^const process = require\('node:process'\);$/m, '')
      .replace(/^const (\{.*\}) = require\('(\.[^']*?)(?:\.js)?'\);$/gm, "import $1 from '$2.js';")
      .replace(/^exports\.(?!program\b|create)(\w+) = (\w+);/gm, 'export { $2 as $1 };')
      .replace(/^exports\.(?:program|create\w+) = .*;$/gm, '')
    if (/\bexports\b|require\('(?!node:)|child_process/.test(module)) {
      throw new Error(`${id} is not written as the build expects`)
    }
    return { code: module, map: null, moduleSideEffects: false }
  },
}

/** Has commander parse every call. */
const neverPlain: Plugin = {
  name: 'never-plain',
  transform: (_, id) =>
    id.endsWith('/src/plain-call.ts')
      ? { code: 'export const parsePlainCall = async () => null', map: null }
      : null,
}

/**
 * Text that is ASCII only takes V8 half the room. Indentation goes, lines stay: rolldown indents by tabs, and nothing that is
 * bundled has a line of a string that begins with one.
 */
const lean = (code: string): string => code.replace(/^\t+/gm, '').replace(/[^\0-\x7f]/g, escapeUnit)

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** How rolldown exports a name of a part: as it is, or by a call, for names whose value changes. None of ours do. */
const EXPORT =
  /^(?:exports\.(\w+) = ([\w$.]+);|Object\.defineProperty\(exports, "(\w+)", \{\s+enumerable: true,\s+get: function ?\(\) \{\s+return ([\w$]+);\s+\}\s+\}\);)\n/gm

/** What rolldown says of a part that is a module's own; nobody asks. */
const TAG = 'Object.defineProperty(exports, Symbol.toStringTag, { value: "Module" });\n'

/** The same as one object, which takes half as long to make as one that grows. Nobody asks for a part before it ran. */
const exported = (code: string): string => {
  const names = [...code.matchAll(EXPORT)].map(([, a, b, c = a, d = b]) => `${c}: ${d}`)
  const rest = code.replace(TAG, '').replace(EXPORT, '')
  if (/\bexports\./.test(rest)) throw new Error('a part exports what the build does not expect')
  return `${rest}module.exports = { ${names.join(', ')} };`
}

/** How rolldown has one object of what a module exports that is imported by name only while the program runs. */
const NAMESPACE = /require_rolldown_runtime\.__exportAll\((\{[^}]*\})\)/g
const MEMBER = /(\w+): \(\) => (\w+)/g
const RUNTIME = 'const require_rolldown_runtime = require("./rolldown-runtime.cjs");\n'

/** The same without rolldown's own part, which few parts need for anything else. */
const withoutRuntime = (code: string): string => {
  const members = (list: string) => list.replace(MEMBER, 'get $1() { return $2; }')
  const text = code.replace(NAMESPACE, (_, list: string) => members(list))
  return text.includes('require_rolldown_runtime.') ? text : text.replace(RUNTIME, '')
}

/** Parts that are imported like any other and loaded when something of them is first used: few kernels need them. */
const LATE = ['pci-tph-v8', 'mock-pci-tph-v8']

/** Has a part require late ones where it uses them, instead of at its start. Late parts have each other at once. */
const late = (name: string, code: string): string =>
  (LATE.includes(name) ? [] : LATE).reduce((text, one) => {
    const variable = `require_${one.replaceAll('-', '_')}`
    const call = `require("./${one}.cjs")`
    return text.replace(`const ${variable} = ${call};\n`, '').replaceAll(variable, call)
  }, code)

/**
 * Wraps each part in the function that Node.js makes of a CommonJS module, as bin/tphctl.js runs it, and puts a hash of all in
 * front of the core: what is kept of one build is never used with another.
 */
const parts: Plugin = {
  name: 'parts',
  generateBundle(_, bundle) {
    const hash = createHash('sha256')
    const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
    for (const part of chunks.sort((a, b) => (a.fileName < b.fileName ? -1 : 1))) {
      const code = exported(late(part.name, withoutRuntime(lean(part.code))))
      part.code = `(function (exports, require, module, __filename, __dirname) { ${code}\n})`
      hash.update(`${part.fileName}\0${part.code}\0`)
    }
    const core = chunks.find(({ fileName }) => fileName === 'core.cjs')
    if (core === undefined) throw new Error('there is no core')
    core.code = `// ${hash.digest('hex').slice(0, 32)}\n${core.code}`
  },
}

/** `src/commands/get.ts` as `commands-get`, a package by its name. */
const flatName = ({ facadeModuleId, name }: PreRenderedChunk): string => {
  const path = facadeModuleId?.replace(/\.[jt]s$/, '') ?? name
  return path.replace(/^.*\/src\/|^.*\/node_modules\/([^/]+)\/.*$/, '$1').replaceAll('/', '-')
}

/** How a program is built. */
export interface ProgramOptions {
  /** Its first module. */
  readonly input: string
  /** Where the parts go. */
  readonly dir: string
  /** Whether it is all one part; for comparison. */
  readonly isWhole?: boolean
  /** Whether plain calls are parsed without commander, as they are unless told; for comparison. */
  readonly isPlain?: boolean
  /** Code that runs before all other; for comparison. */
  readonly banner?: string
}

/** What rolldown is told to build a program. */
export function programConfig({
  input,
  dir,
  isWhole = false,
  isPlain = true,
  banner,
}: ProgramOptions): RolldownOptions & { readonly output: OutputOptions } {
  return {
    input: { core: input },
    platform: 'node',
    logLevel: 'warn',
    resolve: { alias: { commander: createRequire(import.meta.url).resolve('commander') } },
    external: [/^ajv(\/|$)/, 'yaml'],
    transform: { define: { 'import.meta.url': '__filename' }, target: 'node20' },
    preserveEntrySignatures: false,
    plugins: [commander, ...(isPlain ? [] : [neverPlain]), parts],
    output: {
      dir,
      format: 'cjs',
      comments: false,
      cleanDir: true,
      entryFileNames: '[name].cjs',
      chunkFileNames: (chunk) => `${flatName(chunk)}.cjs`,
      codeSplitting: isWhole ? false : PARTS,
      ...(banner === undefined ? {} : { banner }),
    },
  }
}

/** What only commands need that change devices, or plan to. */
const CHANGES =
  /src\/(tph\/(change-mode|control\.|control-register|cpu-warnings|device-memory|not-back|packed|plan-|program|put-back|record|send-runs|settle|transaction|undo|verdict)|topology\/(assign\.|select|spread|layout|distance)|args\/entry|desired\/difference)/

/** What each call needs is one part, what most commands need another; each part more costs a call some 0.2 ms. */
const PARTS: Exclude<OutputOptions['codeSplitting'], undefined> = {
  includeDependenciesRecursively: false,
  groups: [
    { name: 'core', tags: ['$initial'] },
    { name: 'pci-tph-v8', test: /src\/(abi|tph\/interfaces)\/(pci-tph-v8|device-table)/ },
    { name: 'mock-pci-tph-v8', test: /src\/backend\/mock\/pci-tph-v8/ },
    { name: 'mock', test: /src\/backend\/mock\/(?!dump-host)/ },
    { name: 'change', test: CHANGES, minShareCount: 3 },
    { name: 'device', test: /src\/(?!.*view)/, minShareCount: 3 },
    { name: 'backend', test: /src\/(backend|pci|abi|args|topology)\/[^/]*$/, minShareCount: 2 },
    { name: 'views', test: /src\/.*view/, minShareCount: 4 },
  ],
}

export default defineConfig(programConfig({ input: 'src/process.ts', dir: 'dist/program' }))
