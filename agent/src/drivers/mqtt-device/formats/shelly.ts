import { isJsonObject } from '../../json-path.ts'
import { shellyPoints } from '../../shelly-status.ts'
import type { OptionsOf } from '../options.ts'
import { type DeviceFormat, type Heard, HOUR_MS, parseJson, within } from './format.ts'

/** A device on mains tells only of changes; meters do so every minute. */
const MAINS_REPORT_MS = HOUR_MS

/**
 * Shelly Gen2 and later (shelly-api-docs.shelly.cloud/gen2: Notifications, MQTT): `<prefix>/events/rpc` with NotifyStatus, whose content
 * laid over the known status gives what GetStatus would give, and NotifyFullStatus; `<prefix>/online`. A device that sleeps is offline
 * most of the time and wakes at least every `sys.wakeup_period` seconds.
 */
export function shellyFormat({ prefix, reportsWithinMs }: OptionsOf<'shelly'>): DeviceFormat {
  const [events, online] = [`${prefix}/events/rpc`, `${prefix}/online`]
  let status: Record<string, unknown> = {}
  let wakeupMs: number | undefined

  return {
    topics: [online, events],
    expected: events,
    hear(topic, payload): Heard {
      if (topic === online) return wakeupMs === undefined && /^(true|false)$/.test(payload) ? { isOnline: payload === 'true' } : {}
      const parsed = parseJson(payload)
      if ('problem' in parsed) return { problems: [parsed.problem] }
      const { method, params } = isJsonObject(parsed.json) ? parsed.json : {}
      if (method !== 'NotifyStatus' && method !== 'NotifyFullStatus') return {}
      if (!isJsonObject(params)) return { problems: [`${method} without params`] }
      if (method === 'NotifyFullStatus') status = {}
      status = overlaid(status, params)
      const period = isJsonObject(status.sys) ? status.sys.wakeup_period : undefined
      if (typeof period === 'number' && period > 0) wakeupMs = period * 1000
      return { isOnline: true, points: within(shellyPoints(status), reportsWithinMs ?? wakeupMs ?? MAINS_REPORT_MS) }
    },
    // A notification that was missed would leave an old value in the overlay.
    forget() {
      status = {}
    },
  }
}

/** Lays the changes over the known status, component by component and deeper; lists are replaced. */
export function overlaid(known: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = { ...known }
  for (const [key, change] of Object.entries(changes)) {
    const before = Object.hasOwn(known, key) ? known[key] : undefined
    if (key !== '__proto__') result[key] = isJsonObject(change) && isJsonObject(before) ? overlaid(before, change) : change
  }
  return result
}
