import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SIBLING, structInBtf, TPH_STRUCT } from '../../../src/backend/linux/btf.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { bytesOf, promise, type Target } from '../target.ts'

/** A folder of this process, removed at its end. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tphctl-fuzz-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let folder: string | null = null

/** The kernel's type information, against a search of all of it at once. */
export const btf: Target = {
  name: 'btf',
  share: 0.5,
  longest: 200,
  microsecondsPerByte: 4,
  seeds: () => [`\0${SIBLING}\0${TPH_STRUCT}\0`, `\0${SIBLING}\0`, '', TPH_STRUCT].map(bytesOf),
  words: ['\0', `\0${TPH_STRUCT}\0`, `${SIBLING}\0`, 'vfio_device_feature_'],
  run(input) {
    folder ??= ownFolder()
    const place = join(folder, 'sys/kernel/btf')
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'vmlinux'), input)
    const has = (name: string) => Buffer.from(input).includes(`${name}\0`)
    const expected = has(TPH_STRUCT) ? 'present' : has(SIBLING) ? 'missing' : 'unknown'
    const found = structInBtf(new Root(folder), TPH_STRUCT)
    promise(found === expected, `${found}, where all of it says ${expected}`)
  },
}
