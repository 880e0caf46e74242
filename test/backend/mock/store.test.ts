import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { CONTROL, HEADER, openMock, peek, poke, send, TABLE, tagAt } from './raw-device.ts'

const BDF = '0000:81:00.0'
const OTHER = '0000:82:00.0'
const setCpu = (cpu: number, index = 0) =>
  `14000000 0e000200 00000000 0${index}00 0100 0${cpu}000000`

const newPath = () => join(temporaryDirectory(), 'state')
const open = (statePath: string, bdf = BDF) => openMock({ statePath }).borrow(bdf)

describe('MockStore', () => {
  it('keeps tags, control register and table from one command to the next', () => {
    const statePath = newPath()
    const device = open(statePath)
    poke(device, CONTROL, '01030000')
    send(device, setCpu(5))
    const again = open(statePath)
    expect([peek(again, CONTROL, 4), peek(again, TABLE, 2), tagAt(again, 0)]).toEqual([
      '01030000',
      '0501',
      0x105,
    ])
  })

  it('shows two of its kind on one file what the other did, in turns', () => {
    const statePath = newPath()
    const [one, other] = [open(statePath), open(statePath)]
    for (const cpu of [1, 2, 3, 4]) {
      const [writer, reader] = cpu % 2 === 0 ? [one, other] : [other, one]
      send(writer, setCpu(cpu))
      expect(tagAt(reader, 0)).toBe(0x100 + cpu)
    }
  })

  it('keeps what two wrote into different entries and devices', () => {
    const statePath = newPath()
    const [one, other, third] = [open(statePath), open(statePath), open(statePath, OTHER)]
    send(one, setCpu(1, 1))
    send(other, setCpu(2, 2))
    send(third, setCpu(3, 3))
    const fresh = open(statePath)
    expect([1, 2, 3].map((index) => tagAt(fresh, index))).toEqual([0x101, 0x102, 0])
    expect(tagAt(open(statePath, OTHER), 3)).toBe(0x103)
  })

  it('writes no file for a look, and none that others may read', () => {
    const statePath = newPath()
    tagAt(open(statePath), 0)
    expect(existsSync(statePath)).toBe(false)
    send(open(statePath), setCpu(1))
    expect(statSync(statePath).mode & 0o777).toBe(0o600)
  })

  it('starts its file with the line that says whose it is', () => {
    const statePath = newPath()
    send(open(statePath), setCpu(1))
    const [first] = readFileSync(statePath, 'latin1').split('\n')
    expect(first).toMatch(/^\{"tphctl":"mock state","version":1,"id":"[0-9a-f]{16}"\}$/)
  })

  it('stores nothing for a SET that changes nothing', () => {
    const statePath = newPath()
    send(open(statePath), setCpu(1))
    const before = readFileSync(statePath)
    send(open(statePath), setCpu(1))
    expect(readFileSync(statePath)).toEqual(before)
  })
})

describe('a state file whose last line is torn', () => {
  it.each(['[', '["', '["built-in","0000:81', '["built-in","0000:81:00.0","kept",0,"0201"]'])(
    'by %s is read without it, and the next write cuts it off',
    (torn) => {
      const statePath = newPath()
      send(open(statePath), setCpu(1))
      appendFileSync(statePath, torn)
      const device = open(statePath)
      expect(tagAt(device, 0)).toBe(0x101)
      send(device, setCpu(3, 1))
      const text = readFileSync(statePath, 'latin1')
      expect(text.endsWith('\n')).toBe(true)
      expect(text.split('\n')).toHaveLength(4)
      const fresh = open(statePath)
      expect([tagAt(fresh, 0), tagAt(fresh, 1)]).toEqual([0x101, 0x103])
    },
  )

  it.each(['', '{"tphctl"', HEADER.slice(0, 45), HEADER.slice(0, -2), HEADER.trimEnd()])(
    'in its header %j is an empty one',
    (torn) => {
      const statePath = newPath()
      writeFileSync(statePath, torn)
      const device = open(statePath)
      expect(tagAt(device, 0)).toBe(0)
      send(device, setCpu(2))
      expect(tagAt(open(statePath), 0)).toBe(0x102)
    },
  )
})

describe('a state file with a record that does not fit', () => {
  it('is refused each time, also by one that has read the file before', () => {
    const statePath = newPath()
    const device = open(statePath)
    send(device, setCpu(1))
    tagAt(device, 0)
    const line = (offset: number, hex: string) =>
      `${JSON.stringify(['built-in', BDF, 'kept', offset, hex])}\n`
    appendFileSync(statePath, line(2, '0201') + line(9999, '01') + line(4, '0301'))
    const message = `a record of ${BDF} does not fit the device`
    for (let i = 0; i < 2; i++) {
      expect(() => send(device, setCpu(1, 3))).toThrow(message)
      expect(() => send(device, setCpu(1, 3))).toThrow(message)
      expect(() => tagAt(device, 2)).toThrow(message)
    }
  })
})

describe('a state file that looks corrupt to a reader', () => {
  const corrupt = (statePath: string) => {
    send(open(statePath), setCpu(5))
    const good = readFileSync(statePath, 'latin1')
    writeFileSync(`${statePath}.good`, good)
    appendFileSync(statePath, 'mixed\n')
  }

  it('is looked at again once no writer has the lock', () => {
    const statePath = newPath()
    corrupt(statePath)
    const script = 'sleep 0.5; mv "$0.good" "$0"; ln -s free "$0.lock/9"'
    const writer = spawn('sh', ['-c', script, statePath])
    symlinkSync(`${writer.pid}:`, `${statePath}.lock/8`)
    expect(tagAt(open(statePath), 0)).toBe(0x105)
  })

  it('is reported as it is where the lock cannot be taken', () => {
    const statePath = newPath()
    corrupt(statePath)
    rmSync(`${statePath}.lock`, { recursive: true })
    writeFileSync(`${statePath}.lock`, '')
    expect(() => tagAt(open(statePath), 0)).toThrow('line 3 is not a record of a change')
  })

  it('is not locked when it is foreign', () => {
    const statePath = newPath()
    writeFileSync(statePath, 'x\n')
    expect(() => tagAt(open(statePath), 0)).toThrow('its first line is not the one tphctl writes')
    expect(existsSync(`${statePath}.lock`)).toBe(false)
  })
})

describe('a state file of more than 8 MiB', () => {
  it('is made small by the next write, and says the same', () => {
    const statePath = newPath()
    const lines = Array.from({ length: 1100 }, (_, i) =>
      JSON.stringify([
        'built-in',
        OTHER,
        'kept',
        0,
        `${((i % 200) + 1).toString(16).padStart(2, '0')}01`.repeat(2048),
      ]),
    )
    const foreign = JSON.stringify(['other-host', BDF, 'kept', 0, '0701'])
    writeFileSync(statePath, `${HEADER}${foreign}\n${lines.join('\n')}\n`)
    const watching = open(statePath, OTHER)
    expect(tagAt(watching, 2047)).toBe(0x100 + (1099 % 200) + 1)
    const { size } = statSync(statePath)
    expect(send(open(statePath, OTHER), setCpu(1))).toBe(0)
    expect(statSync(statePath).size).toBeLessThan(size / 100)
    expect(readFileSync(statePath, 'latin1')).toContain(foreign)
    for (const device of [watching, open(statePath, OTHER)]) {
      expect([tagAt(device, 0), tagAt(device, 2047)]).toEqual([0x101, 0x100 + (1099 % 200) + 1])
    }
  })
})
