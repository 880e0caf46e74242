import { closeSync, openSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { E } from '../../../src/abi/errno.ts'
import { VFIO_DEVICE_RESET } from '../../../src/abi/vfio.ts'
import { LinuxDevice } from '../../../src/backend/linux/linux-device.ts'
import { CallError } from '../../../src/backend/types.ts'
import { fakeRoot } from './fake-root.ts'
import { CONFIG_AT, openBelow, type Script, ScriptedLibc } from './scripted-libc.ts'

/** A device of 256 bytes of config space, each its own offset; the file may end elsewhere. */
function device(fileBytes = 256, flags = 'r+', script: Partial<Script> = {}) {
  const fake = fakeRoot()
  const config = Uint8Array.from({ length: 256 }, (_, offset) => offset)
  const file = Buffer.concat([Buffer.alloc(CONFIG_AT), config, Buffer.alloc(256, 0xee)])
  fake.file('/open', file.subarray(0, CONFIG_AT + fileBytes))
  const libc = new ScriptedLibc(fake, { config, ...script })
  const path = `${fake.folder}/open`
  const opened = new LinuxDevice(libc, '0000:81:00.0', openSync(path, flags))
  return { fake, libc, path, device: opened }
}

describe('LinuxDevice', () => {
  it('readConfig() reads where the region is and asks for it once', () => {
    const { device: opened, libc } = device()
    expect([...opened.readConfig(0, 4)]).toEqual([0, 1, 2, 3])
    expect([...opened.readConfig(0x10, 2)]).toEqual([0x10, 0x11])
    expect(opened.readConfig(0, 0)).toHaveLength(0)
    expect(libc.calls).toEqual(['ioctl VFIO_DEVICE_GET_REGION_INFO'])
    opened.close()
  })

  it('readConfig() ends with the region', () => {
    const { device: opened } = device(512)
    expect(opened.readConfig(0, 4096)).toHaveLength(256)
    expect([...opened.readConfig(254, 4)]).toEqual([254, 255])
    expect(opened.readConfig(256, 4)).toHaveLength(0)
    expect(opened.readConfig(4096, 4)).toHaveLength(0)
    opened.close()
  })

  it('readConfig() ends where no more bytes come', () => {
    const { device: opened } = device(100)
    expect(opened.readConfig(0, 4096)).toHaveLength(100)
    expect(opened.readConfig(100, 4)).toHaveLength(0)
    opened.close()
  })

  it('writeConfig() writes the bytes and nothing around them', () => {
    const { device: opened, path } = device()
    opened.writeConfig(0x20, Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd))
    const config = readFileSync(path).subarray(CONFIG_AT)
    expect([...config.subarray(0x1f, 0x25)]).toEqual([0x1f, 0xaa, 0xbb, 0xcc, 0xdd, 0x24])
    expect(config).toHaveLength(256)
    opened.close()
  })

  it('writeConfig() does not leave the region', () => {
    const { device: opened, path } = device()
    const beyond = () => opened.writeConfig(254, new Uint8Array(4))
    expect(beyond).toThrow(new CallError('write', E.EINVAL))
    expect(readFileSync(path)).toHaveLength(CONFIG_AT + 256)
    opened.close()
  })

  it.each([
    ['r', E.EBADF, () => new Uint8Array(4)],
    ['a', E.EBADF, null],
  ])('fails with CallError on a file opened with "%s"', (flags, errno, bytes) => {
    const { device: opened } = device(256, flags)
    const act = () => (bytes === null ? opened.readConfig(0, 4) : opened.writeConfig(0, bytes()))
    expect(act).toThrow(CallError)
    expect(act).toThrow(`errno ${errno}`)
    opened.close()
  })

  it('fails with CallError when there is no config region, and asks again', () => {
    const { device: opened } = device(256, 'r+', { fail: { call: 1, errno: E.ENODEV } })
    expect(() => opened.readConfig(0, 4)).toThrow(new CallError('ioctl', E.ENODEV))
    expect(opened.readConfig(0, 4)).toHaveLength(4)
    opened.close()
  })

  it('ioctl() hands the result on', () => {
    const { device: opened, libc } = device(256, 'r+', { fail: { call: 2, errno: E.EIO } })
    expect(opened.ioctl(VFIO_DEVICE_RESET, new Uint8Array(0))).toBe(0)
    expect(opened.ioctl(VFIO_DEVICE_RESET, new Uint8Array(0))).toBe(-E.EIO)
    expect(libc.calls).toEqual(['ioctl VFIO_DEVICE_RESET', 'ioctl VFIO_DEVICE_RESET'])
    opened.close()
  })

  it('close() closes once, whoever has the number by then', () => {
    const { device: opened, fake, path } = device()
    expect(openBelow(fake)).toEqual(['/open'])
    const { fd } = opened
    opened.close()
    expect(openBelow(fake)).toEqual([])
    const next = openSync(path, 'r')
    expect(next).toBe(fd)
    opened.close()
    expect(openBelow(fake)).toEqual(['/open'])
    closeSync(next)
    expect(opened.ioctl(VFIO_DEVICE_RESET, new Uint8Array(0))).toBe(-E.EBADF)
    expect(() => opened.readConfig(0, 4)).toThrow(CallError)
  })
})
