import { openSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { E } from '../../../src/abi/errno.ts'
import { LinuxDevice } from '../../../src/backend/linux/linux-device.ts'
import { CallError } from '../../../src/backend/types.ts'
import { fakeRoot } from './fake-root.ts'
import { type Script, ScriptedLibc } from './scripted-libc.ts'
import { READ_WRITE_MMAP, type ScriptedRegion, sparse } from './scripted-regions.ts'

const SIZE = 0x4000
/** Where BAR 1 begins in the file. */
const START = 0x10000
const BAR_1: ScriptedRegion = { flags: READ_WRITE_MMAP, size: SIZE, offset: START }

/** Each word of BAR 1 is its own offset. */
const content = new Uint8Array(Uint32Array.from({ length: SIZE / 4 }, (_, i) => 4 * i).buffer)

function device(bar: Partial<ScriptedRegion> = {}, script: Partial<Script> = {}) {
  const fake = fakeRoot()
  fake.file('/open', Buffer.concat([Buffer.alloc(START), content]))
  const libc = new ScriptedLibc(fake, { bars: { 1: { ...BAR_1, ...bar } }, ...script })
  const opened = new LinuxDevice(libc, '0000:81:00.0', openSync(`${fake.folder}/open`, 'r'))
  onTestFinished(() => opened.close())
  return { device: opened, libc }
}

/** The errno that readBar fails with, and nothing mapped before. */
function refusal(parts: ReturnType<typeof device>, bar: number, offset: number, length: number) {
  let thrown: unknown
  try {
    parts.device.readBar(bar, offset, length)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(CallError)
  expect(parts.libc.calls.filter((call) => call.startsWith('readMapped'))).toEqual([])
  return (thrown as CallError).errno
}

describe('LinuxDevice.readBar()', () => {
  it.each([
    [0, 4],
    [0x1000, 0x80],
    [SIZE - 16, 16],
    [0, SIZE],
  ])('reads the BAR at %d, %d bytes', (offset, length) => {
    const { device: opened, libc } = device()
    expect(opened.readBar(1, offset, length)).toEqual(content.slice(offset, offset + length))
    expect(libc.calls.at(-1)).toBe(`readMapped ${START + offset} ${length}`)
  })

  it('reads what a sparse BAR has there, and nothing beside it', () => {
    const parts = device({ capabilities: sparse([[0x1000, 0x1000]]) })
    expect(refusal(parts, 1, 0, 4)).toBe(E.ENODEV)
    expect(refusal(parts, 1, 0xffc, 8)).toBe(E.ENODEV)
    expect(refusal(parts, 1, 0x1ff0, 32)).toBe(E.ENODEV)
    expect(parts.device.readBar(1, 0x1ff0, 16)).toEqual(content.slice(0x1ff0, 0x2000))
  })

  it.each([
    ['of a BAR that cannot be mapped', { flags: 3 }, 1, 0, 4],
    ['of a BAR that is not there', {}, 2, 0, 4],
    ['of the reserved BAR 6, the ROM', {}, 6, 0, 4],
    ['of the reserved BAR 7, config space', {}, 7, 0, 4],
    ['beyond the end', {}, 1, SIZE, 4],
    ['over the end', {}, 1, SIZE - 4, 8],
  ])('maps nothing %s: ENODEV', (_, bar, number, offset, length) => {
    expect(refusal(device(bar), number, offset, length)).toBe(E.ENODEV)
  })

  it.each([
    ['ioctl', 1, E.EIO],
    ['mmap', 2, E.EACCES],
  ])('fails with the errno of %s', (call, nth, errno) => {
    const { device: opened } = device({}, { fail: { call: nth, errno } })
    expect(() => opened.readBar(1, 0, 4)).toThrow(new CallError(call, errno))
  })

  it('fails on a device that is closed', () => {
    const { device: opened } = device()
    opened.close()
    expect(() => opened.readBar(1, 0, 4)).toThrow(new CallError('ioctl', E.EBADF))
  })
})
