import type { ExportedDevice, ExportResult } from '../../desired/results.ts'
import { view } from '../view.ts'
import { FIELD_COLUMNS, type Field } from './field-view.ts'

/** How `export` looks: desired state as YAML that `apply` reads. */
export const exportView = view<ExportResult, Field>({
  items: ({ devices }) => devices,
  rows: () => [],
  columns: FIELD_COLUMNS,
  text: yamlText,
})

function yamlText({ version, devices }: ExportResult): string {
  const list =
    devices.length === 0 ? 'devices: []' : `devices:\n${devices.map(deviceText).join('')}`
  return `version: ${version}\n${list.replace(/\n$/, '')}\n`
}

/** All text is in quotes, which keeps every YAML parser from taking it for a number. */
function deviceText({ device, vendor, deviceId, mode, entries }: ExportedDevice): string {
  const lines = [
    `device: ${JSON.stringify(device)}`,
    `vendor: ${JSON.stringify(vendor)}`,
    `deviceId: ${JSON.stringify(deviceId)}`,
    ...(mode === undefined ? [] : [`mode: ${JSON.stringify(mode)}`]),
    ...(entries.length === 0 ? [] : ['entries:']),
    ...entries.map((entry) => `  - ${JSON.stringify(entry)}`),
  ]
  return lines.map((line, i) => `${i === 0 ? '  - ' : '    '}${line}\n`).join('')
}
