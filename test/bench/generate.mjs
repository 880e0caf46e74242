/*
 * Input for measurements, the same bytes for the same words:
 *
 *   node test/bench/generate.mjs host [FUNCTIONS] [WITH_TPH] > host.lspci
 *   node test/bench/generate.mjs lines [LINES] [DEVICES] [SEED] > lines
 *
 * A host is what `lspci -D -xxxx` prints of so many functions (default 1024), all or so many of them with a TPH Requester
 * capability and an ST table of 2048 entries in the MSI-X table. Lines are `DEVICE INDEX=CPU` for the first of those
 * (default 1000000 lines for 1024 devices): every device has as many entries as any other, from 0 on, and all is shuffled.
 */
import { writeSync } from 'node:fs'

const CONFIG_SIZE = 4096
const ENTRIES = 2048
/** The mock's CPUs that are online. */
const CPUS = 16
const FIRST_BUS = 0x80
const CHUNK = 65_536

/** The address of the n-th function: 8 functions a device, 32 devices a bus. @param {number} n */
export function nthBdf(n) {
  return `0000:${hex(FIRST_BUS + (n >> 8))}:${hex((n >> 3) & 31)}.${n & 7}`
}

/** A dump of a host, in pieces. @param {number} functions @param {number} withTph */
export function* hostDump(functions = 1024, withTph = functions) {
  const [tph, plain] = [hexDump(configSpace(true)), hexDump(configSpace(false))]
  for (let n = 0; n < functions; n++) {
    yield `${nthBdf(n)} 0200: 1234:8200 (rev 01)\n${n < withTph ? tph : plain}\n`
  }
}

/** Lines `DEVICE INDEX=CPU`, shuffled. @param {number} lines @param {number} devices @param {number} seed */
export function* entryLines(lines = 1_000_000, devices = 1024, seed = 1) {
  if (lines > devices * ENTRIES) throw new RangeError('more lines than ST entries')
  const random = mulberry32(seed)
  const order = Uint32Array.from({ length: lines }, (_, i) => i)
  for (let i = lines - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1))
    const kept = order[i]
    order[i] = order[other]
    order[other] = kept
  }
  for (const n of order) {
    yield `${nthBdf(n % devices)} ${Math.floor(n / devices)}=${Math.floor(random() * CPUS)}\n`
  }
}

/** Config space as a device has it after a reset. @param {boolean} hasTph */
function configSpace(hasTph) {
  const config = new Uint8Array(CONFIG_SIZE)
  const view = new DataView(config.buffer)
  const header = [
    [0x00, 0x82001234], // device and vendor
    [0x04, 0x00100006], // status: has capabilities; command: memory and bus master
    [0x08, 0x02000001], // Ethernet controller, revision 1
    [0x10, 0xc000000c], // BAR 0, 64 bits wide
    [0x34, 0x00000040], // first capability
    [0x40, 0x00027010], // PCI Express, version 2, endpoint; next at 0x70
    [0x70, 0x07ff0011], // MSI-X with 2048 vectors; last
    [0x74, 0x00000000], // its table in BAR 0
    [0x78, 0x00008000], // its pending bits behind that
    [0x100, 0x14810001], // Advanced Error Reporting; next at 0x148
    [0x148, hasTph ? 0x1a010003 : 0x00010003], // serial number; next at 0x1a0, or last
  ]
  const tph = [
    [0x1a0, 0x00010017], // TPH Requester; last
    [0x1a4, 0x07ff0507], // No ST, IV and DS mode; extended; table in MSI-X; 2048 entries
  ]
  for (const [offset, value] of hasTph ? [...header, ...tph] : header) {
    view.setUint32(offset, value, true)
  }
  return config
}

/** @param {Uint8Array} config */
function hexDump(config) {
  let text = ''
  for (let row = 0; row < config.length; row += 16) {
    text += `${hex(row)}: ${Array.from(config.subarray(row, row + 16), hex).join(' ')}\n`
  }
  return text
}

/** @param {number} value */
function hex(value) {
  return value.toString(16).padStart(2, '0')
}

/** A small generator of numbers from 0 to 1, by Tommy Ettinger (public domain). @param {number} seed */
function mulberry32(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** @param {Iterable<string>} pieces */
function print(pieces) {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length > CHUNK) text = flush(text)
  }
  flush(text)
}

/** @param {string} text */
function flush(text) {
  const bytes = Buffer.from(text, 'latin1')
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written)
  return ''
}

const KINDS = { host: hostDump, lines: entryLines }

if (/\/generate\.mjs$/.test(process.argv[1] ?? '')) {
  const [kind, ...numbers] = process.argv.slice(2)
  if (!(kind in KINDS)) throw new Error('expected host or lines, and numbers')
  print(KINDS[kind](...numbers.map(Number)))
}
