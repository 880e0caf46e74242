import { readFile } from 'node:fs/promises'
import { build, transform } from 'esbuild'
import { parseAst } from 'rolldown/parseAst'

/*
 * Bundles the fuzzer with a counter in every branch of `src`, so that an input that goes where none went before is kept and changed
 * further.
 */

let branches = 0

/** Where to put what into a text, so that of two things at one place what ends comes before what begins. */
class Insertions {
  #all = []

  begin(at, text) {
    this.#all.push({ at, text, rank: this.#all.length + 1 })
  }

  end(at, text) {
    this.#all.push({ at, text, rank: -this.#all.length })
  }

  into(text) {
    let done = ''
    let from = 0
    for (const { at, text: inserted } of this.#all.sort((a, b) => a.at - b.at || a.rank - b.rank)) {
      done += text.slice(from, at) + inserted
      from = at
    }
    return done + text.slice(from)
  }
}

function instrument(text) {
  const insertions = new Insertions()
  const hit = () => `fuzzHit(${branches++})`
  const inExpression = ({ start, end }) => {
    insertions.begin(start, `(${hit()},`)
    insertions.end(end, ')')
  }
  const inStatement = (node) => {
    if (node === null || node === undefined) return
    if (node.type === 'BlockStatement') return insertions.begin(node.start + 1, `${hit()};`)
    insertions.begin(node.start, `{${hit()};`)
    insertions.end(node.end, '}')
  }
  const inBody = ({ body }) => inStatement(body)
  const rules = {
    FunctionDeclaration: inBody,
    FunctionExpression: inBody,
    ArrowFunctionExpression: ({ body }) =>
      body.type === 'BlockStatement' ? inStatement(body) : inExpression(body),
    IfStatement: ({ consequent, alternate }) => [consequent, alternate].forEach(inStatement),
    ConditionalExpression: ({ consequent, alternate }) =>
      [consequent, alternate].forEach(inExpression),
    LogicalExpression: ({ right }) => inExpression(right),
    SwitchCase: ({ consequent: [first] }) =>
      first !== undefined && insertions.begin(first.start, `${hit()};`),
    ForStatement: inBody,
    ForOfStatement: inBody,
    ForInStatement: inBody,
    WhileStatement: inBody,
    DoWhileStatement: inBody,
    CatchClause: inBody,
  }
  const walk = (node) => {
    if (node === null || typeof node !== 'object') return
    rules[node.type]?.(node)
    for (const child of Object.values(node)) walk(child)
  }
  walk(parseAst(text))
  return insertions.into(text)
}

const counting = {
  name: 'counting',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'ts',
        target: 'node20',
      })
      return { contents: instrument(code), loader: 'js' }
    })
  },
}

/** As `Counters` in counters.ts says. Its size is known only when everything is bundled. */
const prelude = `
const fuzzCounters = (() => {
  const hits = new Uint8Array(FUZZ_BRANCHES), touched = new Int32Array(FUZZ_BRANCHES);
  let count = 0;
  return {
    hits, touched, count: () => count,
    clear() { while (count > 0) hits[touched[--count]] = 0; },
    hit(branch) {
      const times = hits[branch];
      if (times === 0) touched[count++] = branch;
      if (times < 255) hits[branch] = times + 1;
    },
  };
})();
globalThis.fuzzCounters = fuzzCounters;
const fuzzHit = fuzzCounters.hit;
`

const { outputFiles } = await build({
  entryPoints: ['test/fuzz/fuzz.ts'],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  write: false,
  outfile: 'dist/fuzz/fuzz.mjs',
  plugins: [counting],
})
const { mkdir, writeFile } = await import('node:fs/promises')
await mkdir('dist/fuzz', { recursive: true })
for (const { path, text } of outputFiles) {
  await writeFile(path, prelude.replaceAll('FUZZ_BRANCHES', `${branches}`) + text)
}
