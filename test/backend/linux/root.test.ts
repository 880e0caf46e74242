import { mkdirSync, symlinkSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Root } from '../../../src/backend/linux/root.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { fakeRoot } from './fake-root.ts'

describe('Root', () => {
  it('is the running host only without another folder', () => {
    expect(new Root().isRunningHost).toBe(true)
    expect(new Root(fakeRoot().folder).isRunningHost).toBe(false)
  })

  it('locates paths below its folder, however it is written', () => {
    expect(new Root().locate('/proc/1')).toBe('/proc/1')
    expect(new Root('/tmp/host/').locate('/proc/1')).toBe('/tmp/host/proc/1')
    expect(new Root('host').locate('/proc/1')).toBe(resolve('host/proc/1'))
    expect(new Root('/./').isRunningHost).toBe(true)
  })

  it.each([
    ['5\n', '5'],
    ['5', '5'],
    ['\n', ''],
    ['', ''],
    ['a\n\n', 'a\n'],
    [' 5 \n', ' 5 '],
  ])('text() takes one newline off the end of %j', (content, text) => {
    const fake = fakeRoot()
    fake.file('/sys/file', content)
    expect(new Root(fake.folder).text('/sys/file')).toBe(text)
  })

  it('bytes() and names() give what is there', () => {
    const fake = fakeRoot()
    fake.file('/sys/a', Uint8Array.of(0, 255, 10))
    fake.directory('/sys/b')
    const root = new Root(fake.folder)
    expect(root.bytes('/sys/a')).toEqual(Uint8Array.of(0, 255, 10))
    expect(root.names('/sys').sort()).toEqual(['a', 'b'])
  })

  it('link() gives the text of a link, whether or not it leads anywhere', () => {
    const fake = fakeRoot()
    fake.link('/proc/7/fd/9', 'anon_inode:[vfio-device]')
    expect(new Root(fake.folder).link('/proc/7/fd/9')).toBe('anon_inode:[vfio-device]')
  })

  it.each(['/sys/none', '/sys/file/below'])('reads %s as not there', (path) => {
    const fake = fakeRoot()
    fake.file('/sys/file', 'x')
    const root = new Root(fake.folder)
    expect([root.text(path), root.bytes(path), root.link(path), root.realPath(path)]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect(root.names(path)).toEqual([])
  })

  it("names the path and the errno of what is no absence, which is nobody's input", () => {
    const fake = fakeRoot()
    fake.file('/sys/folder/file', 'x')
    const root = new Root(fake.folder)
    expect(() => root.text('/sys/folder')).toThrow(failure('/sys/folder: EISDIR', 'EISDIR'))
    expect(() => root.link('/sys/folder')).toThrow(failure('/sys/folder: EINVAL', 'EINVAL'))
  })

  it('realPath() answers with a path of the host', () => {
    const fake = fakeRoot()
    fake.file('/sys/devices/pci0000:00/0000:00:01.0/vendor', 'x')
    fake.linkTo('/sys/bus/pci/devices/0000:00:01.0', '/sys/devices/pci0000:00/0000:00:01.0')
    const root = new Root(fake.folder)
    const real = '/sys/devices/pci0000:00/0000:00:01.0'
    expect(root.realPath('/sys/bus/pci/devices/0000:00:01.0')).toBe(real)
    expect(root.realPath(real)).toBe(real)
    expect(root.realPath('/')).toBe('/')
  })

  it('realPath() answers the same when the folder is reached through a link, or relative', () => {
    const scratch = temporaryDirectory()
    mkdirSync(join(scratch, 'host/sys/a'), { recursive: true })
    symlinkSync('host', join(scratch, 'alias'))
    for (const folder of [join(scratch, 'alias'), relative(process.cwd(), join(scratch, 'host'))]) {
      expect(new Root(folder).realPath('/sys/a')).toBe('/sys/a')
    }
  })
})

/** The error for a failed read. */
function failure(what: string, errno: string): unknown {
  const message = expect.stringContaining(`Cannot read ${what}, `)
  return expect.objectContaining({ code: 'refused', errno, message })
}
