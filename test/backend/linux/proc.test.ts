import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  allowedCpus,
  command,
  descriptors,
  fdinfo,
  processes,
  startTime,
} from '../../../src/backend/linux/proc.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { fakeRoot } from './fake-root.ts'

const ESCAPE = '\u001b[2J) S 1'

function rootWithProcess(comm = 'qemu') {
  const fake = fakeRoot()
  fake.process({
    pid: 812,
    comm,
    startTime: 4711,
    allowed: '0',
    threads: { 813: '8-9', 814: '2,8' },
    fds: { 3: { link: '/dev/null' }, 20: { link: 'socket:[1]', fdinfo: 'a-path:\t/sys/x: y\n' } },
  })
  return { fake, root: new Root(fake.folder) }
}

describe('processes()', () => {
  it('sorts pids and passes other names over', () => {
    const { fake, root } = rootWithProcess()
    for (const name of ['1', '10', '2', 'self', '0', '01', '12x', '-3'])
      fake.directory(`/proc/${name}`)
    expect(processes(root)).toEqual([1, 2, 10, 812])
  })

  it('has none without /proc', () => {
    expect(processes(new Root(fakeRoot().folder))).toEqual([])
  })
})

describe('startTime() and command()', () => {
  it.each(['qemu', 'a b (c) d', ESCAPE, ') S 1 2 3', ''])('survive the name %j', (comm) => {
    const { root } = rootWithProcess(comm)
    expect(startTime(root, 812)).toBe('4711')
    expect(command(root, 812)).toBe(comm)
  })

  it('are null for a process that is gone', () => {
    const { root } = rootWithProcess()
    expect(startTime(root, 5)).toBeNull()
    expect(command(root, 5)).toBeNull()
  })

  it('startTime() is null for a stat that ends early', () => {
    const { fake, root } = rootWithProcess()
    fake.file('/proc/812/stat', '812 (qemu) S 1\n')
    expect(startTime(root, 812)).toBeNull()
  })

  it('agree with this machine', () => {
    const root = new Root()
    expect(startTime(root, process.pid)).toMatch(/^\d+$/)
    expect(startTime(root, 'self')).toBe(startTime(root, process.pid))
    expect(processes(root)).toContain(process.pid)
  })
})

describe('allowedCpus()', () => {
  it('joins those of all threads', () => {
    expect(allowedCpus(rootWithProcess().root, 812)).toEqual([0, 2, 8, 9])
  })

  it('is null where status is missing or no list', () => {
    const { fake, root } = rootWithProcess()
    for (const list of ['', 'x', '3-1']) {
      fake.file('/proc/5/status', `Cpus_allowed_list:\t${list}\n`)
      expect(allowedCpus(root, 5)).toBeNull()
    }
    expect(allowedCpus(root, 6)).toBeNull()
  })
})

describe('a copy of a host that holds what no kernel has there', () => {
  it('is refused, naming the file', () => {
    const { fake, root } = rootWithProcess()
    fake.file('/proc/7/fd/3', 'no link')
    fake.directory('/proc/7/comm')
    fake.directory('/proc/7/stat')
    const refused = (path: string, why: string) =>
      expect.objectContaining({
        code: 'refused',
        message: expect.stringContaining(`${path}: ${why}`),
      })
    expect(() => descriptors(root, 7)).toThrow(refused('/proc/7/fd/3', 'EINVAL'))
    expect(() => command(root, 7)).toThrow(refused('/proc/7/comm', 'EISDIR'))
    expect(() => startTime(root, 7)).toThrow(refused('/proc/7/stat', 'EISDIR'))
  })

  it('is refused where /proc leads round in a circle', () => {
    const fake = fakeRoot()
    fake.link('/proc', 'proc')
    expect(() => processes(new Root(fake.folder))).toThrow(/^Cannot read \/proc: ELOOP/)
  })
})

describe('descriptors() and fdinfo()', () => {
  it('give fds in order and the lines of fdinfo', () => {
    const { root } = rootWithProcess()
    expect(descriptors(root, 812)).toEqual([
      { fd: 3, link: '/dev/null' },
      { fd: 20, link: 'socket:[1]' },
    ])
    expect(fdinfo(root, 812, 20)?.get('a-path')).toBe('/sys/x: y')
    expect(fdinfo(root, 812, 20)?.get('pos')).toBe('0')
  })

  it('descriptors() is empty and fdinfo() null for what is gone', () => {
    const { root } = rootWithProcess()
    expect(descriptors(root, 5)).toEqual([])
    expect(fdinfo(root, 812, 4)).toBeNull()
  })

  it.skipIf(process.geteuid?.() !== 0)('descriptors() is forbidden for another user', async () => {
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    try {
      process.seteuid?.('nobody')
      expect(() => descriptors(new Root(), child.pid ?? 0)).toThrow(
        expect.objectContaining({ code: 'permission', errno: 'EACCES' }),
      )
    } finally {
      process.seteuid?.(0)
      child.kill()
    }
  })
})
