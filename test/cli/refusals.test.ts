import { describe, expect, it } from 'vitest'
import { expectFailure, expectNothingDone } from '../helpers/expect-failure.ts'
import { runMain, runOnce, testHost } from '../helpers/run-main.ts'

describe('a device without TPH', () => {
  it.each([
    'get 84:00.0',
    'set 84:00.0 0=8',
    'clear 84:00.0 0',
    'enable 84:00.0 --mode iv',
    'disable 84:00.0',
    'tag 84:00.0 0',
    'undo 84:00.0',
  ])('%s is not supported', async (call) => {
    const { message, hint } = await expectNothingDone(call, 'unsupported')
    expect(message).toBe(
      '0000:84:00.0: Cannot use steering tags: the device has no TPH Requester capability',
    )
    expect(hint).toBe('"tphctl list" shows the devices with TPH')
  })
})

describe('a device that is not there', () => {
  it.each([
    'info 81:00.1',
    'probe 81:00.1',
    'get 81:00.1',
    'set 81:00.1 0=8',
    'clear 81:00.1 0',
    'enable 81:00.1 --mode iv',
    'disable 81:00.1',
    'tag 81:00.1 0',
    'undo 81:00.1',
  ])('%s names those nearby', async (call) => {
    const { message, hint } = await expectNothingDone(call, 'notFound')
    expect(message).toMatch(/^0000:81:00\.1: Cannot find the device: /)
    expect(hint).toMatch(/^did you mean 0000:81:00\.0( |\?)/)
  })

  it('with nothing nearby hints at list', async () => {
    const { hint } = await expectNothingDone('get 3f:1a.5', 'notFound')
    expect(hint).toBe('"tphctl list" shows the devices with TPH')
  })
})

describe('what the device lacks', () => {
  it.each([
    ['get 81:00.0 64', '64 entries, 0-63'],
    ['set 81:00.0 63-64=0', '64 entries, 0-63'],
    ['clear 82:00.0 2048', '2048 entries, 0-2047'],
    ['get 83:00.0 2048', '2048 entries for a device without an ST table, 0-2047'],
  ])('%s: an index beyond the table is named with its size', async (call, size) => {
    const { message } = await expectNothingDone(call, 'usage')
    expect(message).toMatch(/Cannot use index (64|2048): /)
    expect(message).toContain(size)
  })

  it('a mode that the capability lacks is not supported', async () => {
    const { message } = await expectNothingDone('enable 83:00.0 --mode iv', 'unsupported')
    expect(message).toBe(
      "0000:83:00.0: Cannot enable mode iv: the device's capability has none, ds",
    )
  })

  it('tag of a device with a table is not supported', async () => {
    await expectNothingDone('tag 82:00.0 0', 'unsupported')
  })
})

describe('--strict', () => {
  it('makes a CPU on another socket an error, and nothing is sent', async () => {
    const { message } = await expectNothingDone('--strict set 81:00.0 0=8', 'usage')
    expect(message).toMatch(/^Cannot go on under --strict: .*CPU 8 is on another socket/)
  })

  it('lets through what is not suspicious', async () => {
    const run = await runOnce('--strict set 81:00.0 0=7')
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('a call that the kernel refuses', () => {
  it.each([
    ['get=EPERM', 'get 81:00.0 5', 'unsupported'],
    ['get:3=EPERM', 'get 81:00.0 5', 'permission'],
    ['get:3=EIO', 'get 81:00.0 5', 'refused'],
    ['open=EPERM', 'get 81:00.0 5', 'permission'],
    ['read=EIO', 'set 81:00.0 0=4', 'refused'],
    ['read=EACCES', 'enable 81:00.0 --mode iv', 'permission'],
    ['probe=EPERM', 'disable 81:00.0', 'unsupported'],
  ] as const)('%s during %s', async (TPHCTL_MOCK_FAULTS, call, code) => {
    const run = await runOnce(call, { env: { TPHCTL_MOCK_FAULTS } })
    const { message } = expectFailure(run, code)
    expect(message).toMatch(/^0000:81:00\.0: Cannot /)
    expect(message).toContain(TPHCTL_MOCK_FAULTS.split('=')[1])
  })

  it('a SET is retried when a signal interrupts it', async () => {
    const env = { TPHCTL_MOCK_FAULTS: 'set:1=EINTR,set:2=EINTR' }
    expect((await runOnce('set 81:00.0 0=4', { env })).exitCode).toBe(0)
  })

  it('that cannot be put back either is told apart', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=1')
    const env = { TPHCTL_MOCK_FAULTS: 'set:2=EIO,set:3=EIO' }
    const run = await host.run('set 81:00.0 0=4 2=5', { env })
    expect(run.exitCode).toBe(1)
    expect(run.stdout.split('\n').map((line) => line.split('\t').slice(1, 3).join(' '))).toEqual([
      'applied 0',
      'failed 2',
      '',
    ])
    expect((await host.run('get 81:00.0 0')).stdout).toBe('0\t0x0104\t4\tvm\n')
  })
})

describe('the host', () => {
  it('without --backend is this one, never the emulated one', async () => {
    const run = await runMain('list --root /nonexistent --json')
    expect(run).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(run.stdout)).toEqual({
      schemaVersion: 1,
      backend: 'linux',
      devices: [],
      undecided: [],
    })
    expect(run.stderr).toContain('no PCI function of this host has a TPH Requester capability')
  })

  it('below another root has no devices to reach', async () => {
    const { message } = expectFailure(await runMain('get 81:00.0 --root /nonexistent'), 'notFound')
    expect(message).toContain('no PCI function has this address')
  })

  it.each(['--pid 1', '--fd 3', '--open cdev', '--ephemeral', '--root /'])(
    'an emulated one has no use for %s',
    async (option) => {
      const { message } = expectFailure(await runMain(`list --backend mock ${option}`), 'usage')
      expect(message).toContain('with the emulated host: it is about a real one')
    },
  )
})
