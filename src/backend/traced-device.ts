import { describeIoctl } from '../abi/describe.ts'
import { errnoName } from '../abi/errno.ts'
import { CallError, type Device } from './types.ts'

/** How many bytes of a read are shown. */
const READ_SHOWN = 16

/** Takes one line, without its newline. */
export type Trace = (line: string) => void

/** A call that is made, or would be made, in the words of `-v`: what it is, then the bytes that go down. */
export function describeCall(request: number, bytes: Uint8Array, featureIndex: number): string {
  return `ioctl ${describeIoctl(request, bytes, featureIndex)}`
}

/** A write of config space that is made, or would be made, in the words of `-v`. */
export function describeWrite(offset: number, bytes: Uint8Array): string {
  return `write config ${hexOffset(offset)} length ${bytes.length}`
}

/** Bytes as two hex digits each, separated by blanks. */
export function hexBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').replace(/..\B/g, '$& ')
}

/** The same device, each of its calls told to `trace` (design: `-v`). */
export function traced(device: Device, trace: Trace, featureIndex: number): Device {
  return {
    bdf: device.bdf,
    ioctl(request, bytes) {
      const what = describeCall(request, bytes, featureIndex)
      const sent = hexBytes(bytes)
      const result = device.ioctl(request, bytes)
      const reply = hexBytes(bytes)
      trace(`${what} = ${outcome(result)} [${sent}]${reply === sent ? '' : ` -> [${reply}]`}`)
      return result
    },
    readConfig(offset, length) {
      return tracing(`read config ${hexOffset(offset)} length ${length}`, (tell) => {
        const bytes = device.readConfig(offset, length)
        tell(`${bytes.length} [${beginning(bytes)}]`)
        return bytes
      })
    },
    writeConfig(offset, bytes) {
      tracing(describeWrite(offset, bytes), (tell) => {
        device.writeConfig(offset, bytes)
        tell(`${bytes.length} [${hexBytes(bytes)}]`)
      })
    },
    readBar(bar, offset, length) {
      return tracing(`read bar ${bar} ${hexOffset(offset)} length ${length}`, (tell) => {
        const bytes = device.readBar(bar, offset, length)
        tell(`${bytes.length} [${beginning(bytes)}]`)
        return bytes
      })
    },
    close() {
      device.close()
    },
  }

  function tracing<T>(what: string, call: (tell: Trace) => T): T {
    try {
      return call((result) => trace(`${what} = ${result}`))
    } catch (error) {
      if (error instanceof CallError) trace(`${what} = ${outcome(-error.errno)}`)
      throw error
    }
  }
}

/** A whole config space says little on one line: its first bytes, and that there are more. */
function beginning(bytes: Uint8Array): string {
  return bytes.length <= READ_SHOWN
    ? hexBytes(bytes)
    : `${hexBytes(bytes.subarray(0, READ_SHOWN))} …`
}

function outcome(result: number): string {
  return result < 0 ? `-1 ${errnoName(-result)}` : String(result)
}

function hexOffset(offset: number): string {
  return `0x${offset.toString(16).padStart(3, '0')}`
}
