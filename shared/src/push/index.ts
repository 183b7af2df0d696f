import { z } from 'zod'
import type { Permission, Quality, ReadingValue } from '../model/index.ts'

/** Live values: `[pointId, timeMs, value, quality, reason]`. Volatile: a slow browser misses some, the next ones follow. */
export type LiveUpdate = [pointId: number, timeMs: number, value: ReadingValue, quality: Quality, reason: string | null]

/** Who has an incident form open, and in which of its fields each person is. */
export interface Presence {
  incidentId: number
  people: { id: number; name: string; field: string | null }[]
}

/** What changed; the browser refetches that resource over HTTP. `id` is the row, where one row changed. */
export interface Change {
  topic: 'alarms' | 'incidents' | 'rooms' | 'agents' | 'notices' | 'limits' | 'proof' | 'registers' | 'schedules' | 'network' | 'thermal'
  id?: number
}

/** A raised alarm for the people on duty: enough to sound, show and open the form without another request. */
export interface AlarmNotice {
  alarmId: number
  incidentId: number | null
  priority: string
  /** true when it was raised now; false when it changed (acknowledged, cleared). */
  raised: boolean
  state: string
  /** Of a drill. */
  drill: boolean
}

export interface ServerToBrowser {
  /** Once after connecting: the server's clock, and the number of the last alarm transition. */
  hello: (message: { nowMs: number; lastTransitionId: number; userId: number }) => void
  /** Once a second: the connection lives. A browser that misses it for 3 s says so. */
  tick: (message: { nowMs: number; lastTransitionId: number }) => void
  live: (updates: LiveUpdate[]) => void
  alarm: (notice: AlarmNotice & { transitionId: number }) => void
  change: (change: Change) => void
  presence: (presence: Presence) => void
  /** The session has ended (signed out, roles changed, disabled). */
  signedOut: (message: { reason: string }) => void
}

export interface BrowserToServer {
  /** Which rooms' live values are wanted; replaces the earlier list. */
  watch: (request: { roomIds: number[] }) => void
  /** The incident form that is open on this screen, null when closed; and the field the person is in. */
  focusIncident: (request: { incidentId: number | null; field?: string | null }) => void
}

/** Input checks and the permission of each event from the browser; the socket server denies what is not here. */
export const BROWSER_EVENTS = {
  watch: { permission: 'readings.read', schema: z.object({ roomIds: z.array(z.number().int().positive()).max(200) }) },
  focusIncident: {
    permission: 'incidents.read',
    schema: z.object({ incidentId: z.number().int().positive().nullable(), field: z.string().max(64).nullish() }),
  },
} as const satisfies Record<keyof BrowserToServer, { permission: Permission; schema: z.ZodType }>
