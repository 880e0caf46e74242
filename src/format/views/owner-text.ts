import type { DeviceInfo } from '../../tph/results.ts'

/** The owner as `pid:command`; null when there is none or none can be seen. */
export function ownerText({ owner }: Pick<DeviceInfo, 'owner'>): string | null {
  return owner === null ? null : `${owner.pid}:${owner.command}`
}
