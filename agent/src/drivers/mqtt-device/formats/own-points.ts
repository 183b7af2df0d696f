import type { RawReading } from '../../driver.ts'
import { describePoint, readPoint, readPointAt, type ScalarPoint } from '../../json-points.ts'
import type { ReportedPoint } from '../../reported-value.ts'
import type { OptionsOf } from '../options.ts'
import { type DeviceFormat, type Heard, MINUTE_MS, parseJson } from './format.ts'

const REPORT_MS = 5 * MINUTE_MS

/** Formats `json` and `value`: each point has its topic, its kind and, in JSON, its path, all written in agent.yaml. */
export function ownPointsFormat({ points, availability, reportsWithinMs, format }: OptionsOf<'json' | 'value'>): DeviceFormat {
  const topics = [...new Set(points.map(({ topic }) => topic))]
  const reported = (point: ScalarPoint & { reportsWithinMs?: number }, reading: RawReading): ReportedPoint => ({
    description: describePoint(point, point.reportsWithinMs ?? reportsWithinMs ?? REPORT_MS),
    reading,
  })

  return {
    topics: [...(availability ? [availability.topic] : []), ...topics],
    expected: topics.join(', '),
    hear(topic, payload): Heard {
      const heard: Heard = {}
      if (topic === availability?.topic && (payload === availability.online || payload === availability.offline)) {
        heard.isOnline = payload === availability.online
      }
      const ours = points.filter((point) => point.topic === topic)
      if (ours.length === 0) return heard
      if (format === 'value') return { ...heard, points: ours.map((point) => reported(point, readPoint(point, payload))) }
      const parsed = parseJson(payload)
      if ('problem' in parsed) {
        return {
          ...heard,
          problems: [parsed.problem],
          points: ours.map((point) => reported(point, { key: point.key, value: null, bad: 'sensor-error' })),
        }
      }
      return {
        ...heard,
        points: ours.flatMap((point) =>
          'path' in point ? [reported(point, readPointAt({ ...point, path: point.path as string }, parsed.json))] : [],
        ),
      }
    },
  }
}
