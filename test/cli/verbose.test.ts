import { describe, expect, it } from 'vitest'
import { runOnce, testHost } from '../helpers/run-main.ts'

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

describe('-v', () => {
  it.each([
    'get 81:00.0',
    'set 81:00.0 0-1=4-5 8=6@pm',
    'clear 81:00.0 0',
    'enable 81:00.0 --mode iv',
    'disable 81:00.0',
    'probe 81:00.0',
    'info 81:00.0',
    'tag 83:00.0 0',
  ])('%s shows each device call as a line of its own', async (call) => {
    const { stderr, exitCode } = await runOnce(`-v ${call}`)
    expect(exitCode).toBe(0)
    const calls = linesOf(stderr)
    expect(calls).not.toEqual([])
    for (const line of calls) {
      expect(line).toMatch(
        /^(ioctl VFIO_DEVICE_FEATURE |read config |write config ).* = (\d+|-1 E[A-Z]+)( |$)/,
      )
    }
  })

  it('shows a SET with what it means and its bytes', async () => {
    const { stderr } = await runOnce('-v set 81:00.0 3-4=5-6@pm')
    expect(linesOf(stderr)).toContain(
      'ioctl VFIO_DEVICE_FEATURE SET TPH_ST index 3 count 2 pm cpus 5-6 = 0 ' +
        '[18 00 00 00 0e 00 02 00 01 00 00 00 03 00 02 00 05 00 00 00 06 00 00 00]',
    )
  })

  it('shows the write of the control register', async () => {
    const { stderr } = await runOnce('-v enable 81:00.0 --mode iv')
    const writes = linesOf(stderr).filter((line) => line.startsWith('write'))
    expect(writes).toEqual(['write config 0x1a8 length 4 = 4 [01 03 00 00]'])
  })

  it('leaves stdout as it is, json too', async () => {
    const host = testHost()
    const [plain, traced] = [
      await host.run('get 81:00.0 --json'),
      await host.run('get 81:00.0 --json -v'),
    ]
    expect(traced.stdout).toBe(plain.stdout)
    expect(plain.stderr).toBe('')
  })

  it('list calls no device', async () => {
    expect(await runOnce('-v list')).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('under --dry-run shows what would be sent, and sends nothing', async () => {
    const host = testHost()
    const { stderr } = await host.run('-v --dry-run set 81:00.0 0=4')
    expect(linesOf(stderr)).toEqual([
      'would ioctl VFIO_DEVICE_FEATURE SET TPH_ST index 0 count 1 vm cpus 4 ' +
        '[14 00 00 00 0e 00 02 00 00 00 00 00 00 00 01 00 04 00 00 00]',
    ])
    expect((await host.run('get 81:00.0 0')).stdout).toBe('0\t0x0000\t-\t-\n')
  })
})

describe('-v --dry-run enable', () => {
  it('shows the writes of the control register that would be made', async () => {
    const host = testHost()
    await host.run('enable 81:00.0 --mode ds')
    const { stderr } = await host.run('-v --dry-run enable 81:00.0 --mode iv')
    expect(linesOf(stderr)).toEqual([
      'would write config 0x1a8 length 4 [00 00 00 00]',
      'would write config 0x1a8 length 4 [01 03 00 00]',
    ])
    expect((await host.run('info 81:00.0')).stdout).toMatch(/^control\tds \(/m)
  })
})

describe('-q', () => {
  it('leaves out warnings but not errors', async () => {
    const host = testHost()
    expect((await host.run('set 81:00.0 0=8')).stderr).toMatch(/^tphctl: warning: /)
    expect((await host.run('-q set 81:00.0 0=8')).stderr).toBe('')
    expect((await host.run('-q set 81:00.0 0=99')).stderr).toMatch(
      /^tphctl: 0000:81:00\.0: Cannot use /,
    )
  })
})
