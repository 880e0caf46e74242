import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { plainEnvironment } from './program.ts'

const CPUS = 4
/** The line that ends an answer. */
const STATUS = /^\.(?:ok|error) /
const DONE = /^\.ok 0$/

/** What a borrower came to. */
export interface Rounds {
  readonly count: number
  /** The CPU that it set last. */
  readonly last: number
}

/** A `tphctl batch --serve` that sets one entry and reads it back, over and over. */
export class Borrower {
  readonly #entry: string
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #errors = ''

  /** @param entry a device and an index, as `0001:81:00.0 5` */
  constructor(entry: string) {
    this.#entry = entry
    this.#child = spawn('tphctl', ['batch', '--serve', '--wait', '120'], {
      env: plainEnvironment(),
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Waits until it answers. */
  async ready(): Promise<void> {
    assert.deepEqual(await this.#answer(''), [])
  }

  /** Goes on until then, at least for one round. @throws AssertionError when anything fails or reads back otherwise */
  async work(deadline: number): Promise<Rounds> {
    const [bdf = '', index = ''] = this.#entry.split(' ')
    let [count, last] = [0, 0]
    while (count === 0 || Date.now() < deadline) {
      last = (Number(index) + count) % CPUS
      assert.deepEqual(await this.#answer(`set ${bdf} ${index}=${last}`), [
        `${bdf}\tapplied\t${index}\t1\tvm\t${last}\t-`,
      ])
      assert.deepEqual(await this.#answer(`get ${bdf} ${index}`), [
        `${index}\t0x010${last}\t${last}\tvm`,
      ])
      count += 1
    }
    this.#child.stdin.end()
    assert.equal((await this.#lines.next()).done, true)
    assert.equal(this.#errors, '')
    return { count, last }
  }

  /** The result of a line, without its status, which has to be 0. */
  async #answer(line: string): Promise<string[]> {
    this.#child.stdin.write(`${line}\n`)
    const result: string[] = []
    for (;;) {
      const { value, done } = await this.#lines.next()
      assert.ok(done !== true, `${line}: it ended: ${this.#errors}`)
      if (STATUS.test(value)) {
        assert.match(value, DONE, `${line}: ${this.#errors}`)
        return result
      }
      result.push(value)
    }
  }
}
