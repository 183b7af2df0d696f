import { type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import type { PointDescription, RawReading } from '../driver.ts'
import type { ExecOptions } from './options.ts'
import { PLUGIN_STATES, type PluginOutput } from './plugin-output.ts'

/** The state as a contact, and as the word the plugin means. */
export const STATE_KEY = 'check'
export const STATE_TEXT_KEY = 'check.state'

/** What a plugin's unit of measure is here: UCUM unit and factor. Bytes and counters stay plain numbers. */
const UNITS_OF_MEASURE: Record<string, { kind?: PointKind; unit: Unit; scale: number }> = {
  s: { unit: 's', scale: 1 },
  ms: { unit: 's', scale: 1e-3 },
  us: { unit: 's', scale: 1e-6 },
  ns: { unit: 's', scale: 1e-9 },
  '%': { unit: '%', scale: 1 },
  C: { kind: 'temperature', unit: 'Cel', scale: 1 },
  V: { kind: 'voltage', unit: 'V', scale: 1 },
  A: { kind: 'current', unit: 'A', scale: 1 },
  W: { kind: 'power', unit: 'W', scale: 1 },
  Hz: { kind: 'frequency', unit: 'Hz', scale: 1 },
}

interface ExecPoint {
  label: string
  /** Of the raw value; undefined where each value's own unit of measure says it. */
  scale?: number
  description: PointDescription
}

/** The points of a plugin, as its output shows them the first time. A label that occurs twice counts once. */
export function pointsOf(output: PluginOutput, options: ExecOptions): ExecPoint[] {
  const points = new Map<string, ExecPoint>()
  for (const { label, unitOfMeasure, min, max } of output.items) {
    const said = options.points[label]
    const key = keyOf(label)
    if (said?.ignore || points.has(key)) continue
    const measured = UNITS_OF_MEASURE[unitOfMeasure]
    const kind = said?.kind ?? measured?.kind ?? 'number'
    const unit = said?.unit ?? (said?.kind ? pointKindInfo(kind).unit : (measured?.unit ?? '1'))
    const isSaid = said !== undefined && (said.unit !== undefined || said.kind !== undefined || said.scale !== 1)
    const scale = isSaid ? said.scale : (measured?.scale ?? 1)
    const description: PointDescription = { key, kind, unit, name: said?.name ?? { zh: label, en: label } }
    if (said?.sentinels.length) description.sentinels = said.sentinels.map((sentinel) => sentinel * scale)
    if (min !== undefined && max !== undefined && min < max) description.range = { low: min * scale, high: max * scale }
    points.set(key, { label, ...(isSaid && { scale }), description })
  }
  return [...points.values()]
}

/** The two points every plugin has. */
export function statePoints({ state, stateName }: ExecOptions): PointDescription[] {
  const name = stateName ?? { zh: '检查', en: 'Check' }
  return [
    { key: STATE_KEY, kind: state, unit: '1', name },
    { key: STATE_TEXT_KEY, kind: 'text', unit: '1', name: { zh: `${name.zh}结果`, en: `${name.en} result` } },
  ]
}

/** One run as readings: UNKNOWN is no state, and what the plugin did not print this time could not be read. */
export function readingsOf(points: readonly ExecPoint[], output: PluginOutput, exitCode: number): RawReading[] {
  const isKnown = exitCode < 3
  return [
    { key: STATE_KEY, value: isKnown ? exitCode > 0 : null, ...(isKnown ? {} : { bad: 'sensor-error' as const }) },
    { key: STATE_TEXT_KEY, value: `${PLUGIN_STATES[exitCode] ?? 'UNKNOWN'}: ${output.text}`.slice(0, 500) },
    ...points.map(({ label, scale, description: { key } }): RawReading => {
      const item = output.items.find((candidate) => candidate.label === label)
      if (item === undefined || item.value === null) return { key, value: null, bad: 'sensor-error' }
      // 12 digits: a factor of 1e-3 must not turn 23.4 into 23.400000000000002.
      const value = item.value * (scale ?? UNITS_OF_MEASURE[item.unitOfMeasure]?.scale ?? 1)
      return { key, value: Number.isFinite(value) ? Number(value.toPrecision(12)) : value }
    }),
  ]
}

/** Labels may hold what no metric name may. */
function keyOf(label: string): string {
  return label.replace(/[\s/+#]+/g, '-').slice(0, 64)
}
