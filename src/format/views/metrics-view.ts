import type { DeviceMetrics, MetricsResult } from '../../desired/results.ts'
import { view } from '../view.ts'
import { controlText } from './control-text.ts'
import { FIELD_COLUMNS, type Field } from './field-view.ts'

/** A value of one device; null or none where it is not known. */
type Value = number | boolean | null

interface Metric {
  readonly name: string
  readonly help: string
  /** Values by what is said in labels beside the device. */
  values(device: DeviceMetrics): readonly (readonly [Readonly<Record<string, string>>, Value])[]
}

const MODES = ['off', 'none', 'iv', 'ds']

const one = (value: Value): [Record<string, string>, Value][] => [[{}, value]]

/** In Prometheus' words: what is not known has no sample. */
const METRICS: readonly Metric[] = [
  {
    name: 'tphctl_scrape_success',
    help: 'Whether all that the owner of the device could tell was found out.',
    values: ({ scraped }) => one(scraped),
  },
  {
    name: 'tphctl_device_info',
    help: 'A device with a TPH Requester capability; always 1.',
    values: ({ vendorId, deviceId }) => [[{ vendor: vendorId, device_id: deviceId }, 1]],
  },
  {
    name: 'tphctl_owner_present',
    help: 'Whether a process has the device open.',
    values: ({ ownerPresent }) => one(ownerPresent),
  },
  {
    name: 'tphctl_tph_enabled',
    help: 'Whether TPH is on.',
    values: ({ control }) => one(control === null ? null : control.requester !== 'off'),
  },
  {
    name: 'tphctl_tph_mode',
    help: 'The ST mode that is on, or off: 1 for that one, 0 for the others.',
    values: ({ control }) =>
      MODES.map((mode) => [{ mode }, control === null ? null : controlText(control) === mode]),
  },
  {
    name: 'tphctl_st_table_entries',
    help: "Size of the device's ST table; 0 where it has none.",
    values: ({ stEntries }) => one(stEntries),
  },
  {
    name: 'tphctl_st_entries',
    help: 'ST entries by state: with a tag whose CPU is known, with one whose CPU is not known, clear.',
    values: ({ entries }) => [
      [{ state: 'known' }, entries?.known ?? null],
      [{ state: 'unknown' }, entries?.unknown ?? null],
      [{ state: 'clear' }, entries?.clear ?? null],
    ],
  },
  {
    name: 'tphctl_st_entries_set',
    help: 'ST entries with a tag.',
    values: ({ entries }) => one(entries === null ? null : entries.known + entries.unknown),
  },
  {
    name: 'tphctl_st_distinct_tags',
    help: 'How many different tags the ST entries have.',
    values: ({ entries }) => one(entries?.distinctTags ?? null),
  },
  {
    name: 'tphctl_st_drifted_entries',
    help: "ST entries whose tag in the device's own table is not the kernel's.",
    values: ({ drift }) => one(drift?.different ?? null),
  },
  {
    name: 'tphctl_st_waiting_entries',
    help: 'ST entries whose tag waits for its MSI-X vector.',
    values: ({ drift }) => one(drift?.waiting ?? null),
  },
]

/** How `export --prometheus` looks: the text format that node_exporter's textfile collector reads. */
export const metricsView = view<MetricsResult, Field>({
  items: ({ devices }) => devices,
  rows: () => [],
  columns: FIELD_COLUMNS,
  text: ({ devices }) => METRICS.map((metric) => metricText(metric, devices)).join(''),
})

function metricText({ name, help, values }: Metric, devices: readonly DeviceMetrics[]): string {
  const samples = devices.flatMap((device) =>
    values(device).flatMap(([labels, value]) =>
      value === null ? [] : [sampleText(name, { device: device.device, ...labels }, value)],
    ),
  )
  if (samples.length === 0) return ''
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${samples.join('')}`
}

function sampleText(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number | boolean,
): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`)
  return `${name}{${pairs.join(',')}} ${Number(value)}\n`
}

/** As the text format has it: backslash, double quote and newline. */
export function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
