import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { CONTROL, openMock, peek, poke, send, TABLE, tagAt } from './raw-device.ts'

const BDF = '0000:81:00.0'
const OTHER = '0000:82:00.0'
const HEADER = '{"tphctl":"mock state","version":1}\n'
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
    expect(readFileSync(statePath, 'latin1').startsWith(HEADER)).toBe(true)
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

  it.each(['', '{"tphctl"', HEADER.trimEnd()])('in its header %j is an empty one', (torn) => {
    const statePath = newPath()
    writeFileSync(statePath, torn)
    const device = open(statePath)
    expect(tagAt(device, 0)).toBe(0)
    send(device, setCpu(2))
    expect(tagAt(open(statePath), 0)).toBe(0x102)
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
