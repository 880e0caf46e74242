import { type Check, isUnread, ok, problem, said, unknown } from './check.ts'
import type { HostSeen } from './host-seen.ts'

const RELEASE = '/proc/sys/kernel/osrelease'
/** The first release with TPH support for devices (drivers/pci/tph.c). */
const FIRST = [6, 13] as const
/** The last release line that ended before the fix for arm64 of March 2026 was written (uapi section 4). */
const LAST_UNFIXED = [6, 17] as const
const OPTION = /^(?:# )?(CONFIG_PCIE_TPH)\b.*$/m

const kernel: Check<HostSeen> = {
  id: 'kernel',
  judge({ facts }) {
    const release = facts.read(RELEASE)
    const version = versionOf(release.text)
    if (version === null) return unknown(said(release, 'not a version number'))
    const evidence = said(release, release.text ?? '')
    return isBefore(version, FIRST)
      ? problem(`${evidence}, without TPH support for devices`, 'run Linux 6.13 or later')
      : ok(evidence)
  },
}

const config: Check<HostSeen> = {
  id: 'kernel-config',
  judge({ facts }) {
    const tried = facts.kernelConfig()
    const read = tried.find(({ text }) => text !== null)
    if (read === undefined) {
      return unknown(
        tried.map((one) => said(one, '')).join(', '),
        'look for CONFIG_PCIE_TPH=y in the configuration of this kernel',
      )
    }
    const line = OPTION.exec(read.text ?? '')?.[0] ?? 'CONFIG_PCIE_TPH is not in it'
    const unread = tried.filter(isUnread)
    const evidence = [
      said(read, line.replace(/^# /, '')),
      ...unread.map((one) => said(one, '')),
    ].join('; ')
    return line === 'CONFIG_PCIE_TPH=y'
      ? ok(evidence)
      : problem(evidence, 'run a kernel built with CONFIG_PCIE_TPH=y')
  },
}

const commandLine: Check<HostSeen> = {
  id: 'kernel-command-line',
  judge({ facts }) {
    const read = facts.read('/proc/cmdline')
    if (read.text === null) return unknown(said(read, ''))
    const [own = ''] = read.text.split(/ -- /)
    const word = own.split(/\s+/).find((one) => /^pci=(?:.*,)?notph(?:,|$)/.test(one))
    if (word === undefined) return ok(said(read, 'no pci=notph'))
    return problem(said(read, word), 'take notph out of the boot loader, and boot again')
  },
}

const arm: Check<HostSeen> = {
  id: 'arm64-tags',
  judge({ facts }) {
    const arch = facts.read('/proc/sys/kernel/arch')
    const evidence = said(arch, arch.text ?? '')
    if (arch.text === null) return unknown(evidence)
    if (arch.text !== 'aarch64') return ok(`${evidence}, which is not concerned`)
    const release = facts.read(RELEASE)
    const version = versionOf(release.text)
    const fix = 'run a kernel with the fix of March 2026: tags are asked for by ACPI processor UID'
    const wrong = `${evidence}, ${said(release, release.text ?? '')}`
    return version !== null && !isBefore(LAST_UNFIXED, version)
      ? problem(`${wrong}, which asks the firmware with the wrong CPU number`, fix)
      : unknown(`${wrong}: whether it has the fix for wrong tags cannot be seen`, fix)
  },
}

/** What is asked of the kernel. */
export const kernelChecks: readonly Check<HostSeen>[] = [kernel, config, commandLine, arm]

type Version = readonly [major: number, minor: number]

function versionOf(release: string | null): Version | null {
  const match = /^(\d+)\.(\d+)/.exec(release ?? '')
  return match === null ? null : [Number(match[1]), Number(match[2])]
}

function isBefore([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor)
}
