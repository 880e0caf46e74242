import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { LinuxGathering, RecordingRoot } from '../../../src/backend/linux/linux-gathering.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { gatherHost } from '../../../src/doctor/gather.ts'
import { refusal, valueIn } from '../refusal.ts'
import { bytesOf, promise, type Target } from '../target.ts'
import { hostAt } from './host.ts'
import { HOST_PARTS } from './host-tree.ts'
import { type Item, treeOf, treeText } from './memory-root.ts'

/** Files and links on a disk; what does not fit there is left out. */
function writeTree(folder: string, items: readonly (readonly [string, Item])[]): void {
  for (const [path, item] of items) {
    // Nothing is ever written through a link, which may lead anywhere.
    if (items.some(([other, { kind }]) => kind === 'link' && path.startsWith(`${other}/`))) continue
    const place = join(folder, path)
    try {
      mkdirSync(dirname(place), { recursive: true })
      if (item.kind === 'link') symlinkSync(item.text, place)
      else if (item.kind === 'file') writeFileSync(place, item.content, { flag: 'wx' })
      else mkdirSync(place)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error
    }
  }
}

/** Bundles of `gather`, from anybody: looked at, and gathered again. */
export const bundle: Target = {
  name: 'bundle',
  share: 0.02,
  longest: 8000,
  microsecondsPerByte: 1000,
  seeds: () => [
    ...HOST_PARTS.map(treeText).map(bytesOf),
    bytesOf(
      treeText({ '/sys/bus/pci/devices/a': 'lb/b', '/sys/bus/pci/devices/b': 'l.', '/proc': 'lx' }),
    ),
  ],
  words: [
    '\x1e',
    '\x1fd',
    '\x1fl.',
    '\x1fl../../',
    '\x1ff',
    '/proc',
    '/sys/bus/pci/devices',
    '/a/a',
  ],
  async run(input) {
    const top = mkdtempSync(join(tmpdir(), 'tphctl-fuzz-'))
    try {
      const folder = join(top, 'host')
      mkdirSync(folder)
      writeTree(folder, treeOf(input).slice(0, 120))
      await gather(folder, join(top, 'bundle'))
      await gather(join(top, 'bundle'), join(top, 'again'))
    } finally {
      rmSync(top, { recursive: true, force: true })
    }
  },
}

async function gather(folder: string, to: string): Promise<void> {
  const root = new RecordingRoot(folder)
  const host = hostAt(root)
  await gatherHost(host, null).catch(refusal)
  const gathering = new LinuxGathering(root, host.backend, process.geteuid?.() ?? 0)
  valueIn(() => gathering.save(to, { 'doctor.json': '{}' }))
  for (const { path } of valueIn(() => gathering.items()) ?? [])
    promise(path.startsWith('/') && !path.split('/').includes('..'), 'a path out of the bundle')
  promise(new Root(to).names('/').length <= 6, 'more at the top than a host has')
}
