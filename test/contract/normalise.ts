import type { ProgramRun, Role, World } from './world.ts'

/*
 * What the program says differs between hosts in these points and in no others:
 *
 *   addresses                   {capability}, {msix}, {tableless}, {plain}; other functions of the host are left out of lists
 *   driver, NUMA node, group    *
 *   owner                       *
 *   local CPUs                  *
 *   lists of the host's CPUs    * in errors; warnings about sockets are left out
 *   place of the capability     *
 *   the backend's name          left out, as only the mock has one
 *   bytes of a config read      left out of the -v trace
 *   offset of a register        {control} in the -v trace
 */

const ROLES: readonly Role[] = ['capability', 'msix', 'tableless', 'plain']

const HOST_FIELDS = new Set(['driver', 'numaNode', 'iommuGroup', 'localCpus', 'owner'])
const LEFT_OUT = new Set(['backend'])

/** A text of a case with the devices' addresses for their words. */
export function withAddresses(text: string, world: World): string {
  return ROLES.reduce((all, role) => all.replaceAll(`{${role}}`, world.bdf(role)), text)
}

/** Standard output or error of a run in the form that all hosts share. */
export function normaliseText(text: string, world: World): string {
  return ROLES.reduce((all, role) => all.replaceAll(world.bdf(role), `{${role}}`), text)
    .replace(/^.* is on another socket than the device.*\n/gm, '')
    .replace(/\b(online|possible) CPUs are [\d,-]+/g, '$1 CPUs are *')
    .replace(/^(read config .*?) \[.*\]$/gm, '$1')
    .replace(/^(read|write) config 0x[0-9a-f]+ length 4 /gm, '$1 config {control} length 4 ')
}

/** Columns of `list`: the lines of devices that the suite uses. */
export function normaliseList(text: string, world: World): string {
  const lines = normaliseText(text, world).split('\n')
  return lines
    .filter((line) => line === '' || line.startsWith('{'))
    .map((line) => {
      const cells = line.split('\t')
      return cells.map((cell, column) => (column >= 4 ? '*' : cell)).join('\t')
    })
    .join('\n')
}

/** Fields of `info`, one a line. */
export function normaliseInfo(text: string, world: World): string {
  return normaliseText(text, world)
    .replace(/^(driver|numaNode|iommuGroup|localCpus|owner)\t.*$/gm, '$1\t*')
    .replace(/^tph\tat 0x[0-9a-f]+$/m, 'tph\tat *')
}

/** A json document of the program. */
export function normaliseJson(run: ProgramRun, world: World): unknown {
  return normaliseValue(JSON.parse(normaliseText(run.stdout, world)))
}

function normaliseValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((one) => !isOtherFunction(one)).map(normaliseValue)
  }
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([name]) => !LEFT_OUT.has(name))
  return Object.fromEntries(
    fields.map(([name, field]) => {
      if (HOST_FIELDS.has(name)) return [name, '*']
      if (name === 'tph' && field !== null) return [name, { ...field, offset: '*' }]
      return [name, normaliseValue(field)]
    }),
  )
}

/** A function of the host that has no role. */
function isOtherFunction(value: unknown): boolean {
  const device = (value as { device?: unknown } | null)?.device
  return typeof device === 'string' && !device.startsWith('{')
}
