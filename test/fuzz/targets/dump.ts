import { EmulatedFunctions } from '../../../src/backend/mock/mock-host.ts'
import { ConfigSpace } from '../../../src/pci/config-space.ts'
import { secondaryBus } from '../../../src/pci/express.ts'
import {
  formatLspciDump,
  type LspciDump,
  parseLspciDump,
  readLspciDump,
} from '../../../src/pci/lspci-dump.ts'
import { withoutMark } from '../../../src/pieces.ts'
import { answerOf } from '../refusal.ts'
import { bytesOf, promise, promiseSame, type Target } from '../target.ts'
import { someConfigs } from './configs.ts'
import { inPieces } from './pieces.ts'

function written(bytes: Uint8Array, bdf = '0000:81:00.0'): string {
  return formatLspciDump([{ bdf, title: '0200: 1234:8100 (rev 01)', bytes }])
}

function comparable({ functions, notes }: LspciDump): unknown {
  return [functions.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] })), notes]
}

function check(dump: LspciDump): void {
  for (const { bdf, bytes } of dump.functions) {
    promise(bytes.length <= 4096, 'more bytes than config space has')
    promise(/^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/.test(bdf), 'no address')
  }
  const again = parseLspciDump(formatLspciDump(dump.functions), 'dump')
  const plain = ({ functions }: LspciDump) => functions.map(({ bdf, bytes }) => [bdf, [...bytes]])
  promiseSame(plain(again), plain(dump), 'a dump that is written and read again')
}

/** Output of lspci: whole, against in pieces; and a host that is made of it. */
export const lspciDump: Target = {
  name: 'lspci-dump',
  share: 6,
  longest: 3000,
  microsecondsPerByte: 4,
  seeds() {
    const [one = new Uint8Array(0), two = one] = someConfigs()
    const dumps = [written(one), written(two.slice(0, 64)), `${written(one.slice(0, 256))}`]
    return [
      ...dumps,
      `${written(two.slice(0, 64))}82:00.0 NIC\n00: 01 02\n10: ff\n\n20: 00\n`,
      '81:00.0 NIC\r\n00: 86 80\r\n\r\n',
    ].map(bytesOf)
  },
  words: [
    '\n\n',
    '00: ',
    'ff0: ',
    '1000: ',
    '81:00.0 ',
    '0000:82:00.0 x\n',
    '\r',
    ' 00',
    'ffffffff:',
  ],
  run(input) {
    const text = Buffer.from(input).toString('latin1')
    const whole = answerOf(() => parseLspciDump(text, 'dump'))
    const parts = answerOf(() => readLspciDump(withoutMark(inPieces(input)), 'dump'))
    const mark = Buffer.from(input.subarray(0, 3)).toString('hex') === 'efbbbf'
    if (!mark) {
      const [a, b] = [whole, parts].map((one) =>
        'value' in one ? comparable(one.value) : one.error.message,
      )
      promiseSame(b, a, 'a dump in pieces and whole')
    }
    if ('error' in parts) return
    check(parts.value)
    const described = parts.value.functions.map(({ bdf, bytes }) => {
      return { bdf, config: bytes, secondaryBus: secondaryBus(new ConfigSpace(bytes)) }
    })
    const rest = { driver: null, numaNode: null, iommuGroup: null, owned: true }
    const host = new EmulatedFunctions(described.map((one) => ({ ...one, ...rest })))
    for (const bdf of host.bdfs) promise(host.find(bdf) !== null, 'a function that is lost')
  },
}
