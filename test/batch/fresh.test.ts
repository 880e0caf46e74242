import { describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import { BDF, holder, OTHER, ownerHost, said } from '../backend/linux/owner-host.ts'
import { fakeIo } from '../helpers/fake-io.ts'

describe('a batch that goes on', () => {
  it('sees with each line the owner that the device has by then', async () => {
    const { fake } = ownerHost()
    async function* lines(): AsyncGenerator<string> {
      yield `info ${BDF}`
      holder(fake, 700, { 9: said(BDF) })
      yield `info ${BDF}`
      holder(fake, 600, { 8: said(BDF), 7: said(OTHER) })
      yield `info ${BDF}`
    }
    const { io, written } = fakeIo()
    const argv = ['--root', fake.folder, 'batch', '--serve', '-o', 'ndjson', '-q']
    expect(await main(argv, { ...io, stdinLines: lines })).toBe(0)
    const answers = written.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(answers.map(({ result }) => result.owner?.pid ?? null)).toEqual([null, 700, 600])
  })
})
