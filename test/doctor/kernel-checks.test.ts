import { describe, expect, it } from 'vitest'
import { kernelChecks } from '../../src/doctor/kernel-checks.ts'
import { verdictOf } from './fake-facts.ts'

const RELEASE = '/proc/sys/kernel/osrelease'
const ARCH = '/proc/sys/kernel/arch'

describe('kernel', () => {
  it.each([
    ['7.3.4-1-amd64', 'ok'],
    ['6.13.0', 'ok'],
    ['6.12.9', 'problem'],
    ['5.15.0-91-generic', 'problem'],
    ['custom', 'unknown'],
  ])('%s is %s', (release, state) => {
    expect(verdictOf(kernelChecks, 'kernel', { files: { [RELEASE]: release } })).toMatchObject({
      state,
      evidence: expect.stringContaining(RELEASE),
    })
  })
})

describe('kernel-config', () => {
  const path = '/boot/config-7.3.4'
  const config = (text: string) =>
    verdictOf(kernelChecks, 'kernel-config', { files: { [path]: text } })

  it('holds with CONFIG_PCIE_TPH=y alone', () => {
    expect(config('CONFIG_PCI=y\nCONFIG_PCIE_TPH=y\n')).toMatchObject({
      state: 'ok',
      evidence: `${path}: CONFIG_PCIE_TPH=y`,
    })
  })

  it('names the line that is in the way, and what to do', () => {
    expect(config('# CONFIG_PCIE_TPH is not set\n')).toEqual({
      state: 'problem',
      evidence: `${path}: CONFIG_PCIE_TPH is not set`,
      fix: 'run a kernel built with CONFIG_PCIE_TPH=y',
    })
  })

  it('takes no other option for it', () => {
    expect(config('CONFIG_PCIE_TPH_X=y\n')?.evidence).toBe(`${path}: CONFIG_PCIE_TPH is not in it`)
  })

  it('is unknown where no configuration is, and says where it was looked for', () => {
    const verdict = verdictOf(kernelChecks, 'kernel-config', { config: ['/proc/config.gz', path] })
    expect(verdict).toMatchObject({
      state: 'unknown',
      evidence: `/proc/config.gz: ENOENT, ${path}: ENOENT`,
    })
  })

  it('names a better place that cannot be read', () => {
    const verdict = verdictOf(kernelChecks, 'kernel-config', {
      config: ['/proc/config.gz', path],
      files: { '/proc/config.gz': ['EACCES'], [path]: 'CONFIG_PCIE_TPH=y' },
    })
    expect(verdict).toMatchObject({
      state: 'ok',
      evidence: `${path}: CONFIG_PCIE_TPH=y; /proc/config.gz: EACCES`,
    })
  })
})

describe('kernel-command-line', () => {
  it.each([
    ['root=/dev/vda1 quiet', 'ok'],
    ['root=/dev/vda1 pci=notph', 'problem'],
    ['pci=nomsi,notph,noaer', 'problem'],
    ['pci=notphx xpci=notph', 'ok'],
    ['quiet -- pci=notph', 'ok'],
  ])('%s is %s', (text, state) => {
    const verdict = verdictOf(kernelChecks, 'kernel-command-line', {
      files: { '/proc/cmdline': text },
    })
    expect(verdict?.state).toBe(state)
  })
})

describe('arm64-tags', () => {
  it.each([
    ['x86_64', '6.13.0', 'ok'],
    ['aarch64', '6.17.3', 'problem'],
    ['aarch64', '6.18.44', 'unknown'],
    ['aarch64', '7.3.4', 'unknown'],
  ])('%s with %s is %s', (arch, release, state) => {
    const verdict = verdictOf(kernelChecks, 'arm64-tags', {
      files: { [ARCH]: arch, [RELEASE]: release },
    })
    expect(verdict?.state).toBe(state)
  })
})
