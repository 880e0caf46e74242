import type { ControlInfo, InfoResult } from '../../tph/results.ts'
import { view } from '../view.ts'
import { FIELD_COLUMNS, type Field } from './field-view.ts'
import { ownerText } from './owner-text.ts'

/** How `info` looks. */
export const infoView = view<InfoResult, Field>({
  items: (value) => [value],
  rows: fields,
  columns: FIELD_COLUMNS,
  heading: false,
})

function fields(info: InfoResult): Field[] {
  const { tph, feature, control } = info
  const rows: Record<string, Field['value']> = {
    device: info.device,
    vendorId: info.vendorId,
    deviceId: info.deviceId,
    driver: info.driver,
    numaNode: info.numaNode,
    iommuGroup: info.iommuGroup,
    localCpus: info.localCpus,
    owner: ownerText(info) ?? (info.ownerVisible ? null : 'unknown'),
    tph: tph === null ? info.tphReason : `at 0x${tph.offset.toString(16)}`,
    modes: tph?.modes.join(',') ?? null,
    extended: tph?.extended ?? null,
    stLocation: tph?.stLocation ?? null,
    stEntries: tph?.stEntries ?? null,
    control: control === null ? null : controlText(control),
    completer: info.completer,
    feature: feature === null ? null : featureText(feature),
  }
  const notes = info.notes.map((value) => ({ name: 'note', value }))
  return [...Object.entries(rows).map(([name, value]) => ({ name, value })), ...notes]
}

function controlText({ mode, requester }: ControlInfo): string {
  return requester === 'off' ? 'off' : `${mode} (requester ${requester})`
}

function featureText(feature: NonNullable<InfoResult['feature']>): string {
  const { supported, get, set, index, abi } = feature
  if (abi !== null && abi !== 'tph-st') return abi
  if (supported) return `TPH_ST is feature ${index}`
  const has = get || set ? `, only ${get ? 'GET' : 'SET'} is` : ''
  return `TPH_ST is not feature ${index}${has}`
}
