import { isJsonObject } from '../json-path.ts'
import type { ReportedPoint } from '../reported-value.ts'
import { shellyGen1Points, shellyPoints } from '../shelly-status.ts'
import { tasmotaPoints } from '../tasmota-sensors.ts'
import { PRESETS, type PresetName } from './preset-paths.ts'

const READERS: Record<PresetName, (json: Readonly<Record<string, unknown>>) => readonly ReportedPoint[] | undefined> = {
  'shelly-gen1': shellyGen1Points,
  'shelly-gen2': shellyPoints,
  tasmota: ({ StatusSNS }) => (isJsonObject(StatusSNS) ? tasmotaPoints(StatusSNS) : undefined),
}

/** The points in the answer of a known make; undefined when the answer is of another kind. */
export function presetPoints(preset: PresetName, json: unknown): readonly ReportedPoint[] | undefined {
  return isJsonObject(json) ? READERS[preset](json) : undefined
}

/** Where the status is, unless the URL has a path of its own. */
export function presetUrl(preset: PresetName | undefined, url: string): URL {
  const { pathname, search } = new URL(url)
  return preset !== undefined && pathname === '/' && search === '' ? new URL(PRESETS[preset], url) : new URL(url)
}
