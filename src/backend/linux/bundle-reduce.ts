/** Words of the kernel's command line that say something about PCI, the IOMMU and VFIO. */
const RELEVANT_WORD = /^(?:pci|iommu|intel_iommu|amd_iommu|arm-smmu\S*|vfio[\w-]*\.\w+)=/

/** What tphctl reads of files that tell more than that, by their paths. */
const REDUCED: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^\/proc\/cmdline$/, relevantWords],
  [/^\/proc\/[^/]+\/stat$/, untilStartTime],
  [/^\/proc\/(?:[^/]+\/){1,3}status$/, (text) => lines(text, /^(?:CapEff|Cpus_allowed_list):/)],
  [/^\/proc\/[^/]+\/fdinfo\/\d+$/, (text) => lines(text, /^vfio-device-syspath:/)],
]

/**
 * What a bundle takes of a file that tells more than tphctl reads: of a process only what finding an owner needs, of the
 * kernel's command line no passwords or names.
 *
 * @returns null for a file that is taken whole
 */
export function reduce(path: string, bytes: Uint8Array): Uint8Array | null {
  const how = REDUCED.find(([pattern]) => pattern.test(path))
  return how === undefined ? null : Buffer.from(how[1](Buffer.from(bytes).toString()))
}

function relevantWords(text: string): string {
  const [kernel = ''] = text.split(/ -- /)
  return `${kernel
    .split(/\s+/)
    .filter((word) => RELEVANT_WORD.test(word))
    .join(' ')}\n`
}

/** Fields 1 to 22 of proc_pid_stat(5); those behind it have addresses. The command may hold blanks and parentheses. */
function untilStartTime(text: string): string {
  const end = text.lastIndexOf(')') + 1
  const fields = text.slice(end).trim().split(' ').slice(0, 20)
  return `${text.slice(0, end)} ${fields.join(' ')}\n`
}

function lines(text: string, wanted: RegExp): string {
  const kept = text.split('\n').filter((line) => wanted.test(line))
  return kept.map((line) => `${line}\n`).join('')
}
