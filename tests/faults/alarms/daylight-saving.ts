import type { Recurrence } from '@roomkeeper/shared/http'
import { windowTimes } from '../../../server/src/alarms/windows/window-times.ts'
import { decideDue } from '../../../server/src/proof/decide-due.ts'

export interface DaylightFigures {
  nights: number
  /** Windows and drills that did not come in their night. */
  lost: number
  /** Those that came twice. */
  duplicates: number
  /** Windows that were not as long as they should be, or began at another local time than their own although it existed. */
  wrong: number
}

interface Night {
  timeZone: string
  /** The day of the change, local. */
  day: string
  /** Midnight of that day, UTC. */
  fromMs: number
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** All changes of the clock are at a quarter of an hour. */
const LOOK_EVERY_MIN = 15
/** The night and the morning. */
const WATCHED_MS = 26 * HOUR_MS
const WINDOW_MIN = 60
const NIGHTS: Record<'spring' | 'autumn', readonly Night[]> = {
  spring: [
    { timeZone: 'Europe/Berlin', day: '2026-03-29', fromMs: Date.UTC(2026, 2, 28, 23) },
    { timeZone: 'America/New_York', day: '2026-03-08', fromMs: Date.UTC(2026, 2, 8, 5) },
    { timeZone: 'Australia/Lord_Howe', day: '2026-10-04', fromMs: Date.UTC(2026, 9, 3, 13, 30) },
  ],
  autumn: [
    { timeZone: 'Europe/Berlin', day: '2026-10-25', fromMs: Date.UTC(2026, 9, 24, 22) },
    { timeZone: 'America/New_York', day: '2026-11-01', fromMs: Date.UTC(2026, 10, 1, 4) },
    { timeZone: 'Australia/Lord_Howe', day: '2026-04-05', fromMs: Date.UTC(2026, 3, 4, 13) },
  ],
}

/** Maintenance windows and drills at every quarter of an hour of the nights in which the clock is changed, looked at each quarter. */
export function runDaylightSaving(season: 'spring' | 'autumn'): DaylightFigures {
  const figures: DaylightFigures = { nights: NIGHTS[season].length, lost: 0, duplicates: 0, wrong: 0 }
  for (const night of NIGHTS[season])
    for (let quarter = 0; quarter < 4 * 24; quarter += 1) {
      const at = `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`
      const windows = openings(night, at)
      const drills = drillsHeld(night, at)
      for (const count of [windows.length, drills.length]) {
        if (count === 0) figures.lost += 1
        if (count > 1) figures.duplicates += count - 1
      }
      for (const { fromMs, minutes } of windows) {
        const local = localTime(fromMs, night.timeZone)
        const isLeaptOver = !hasLocalTime(night, at)
        if (minutes !== WINDOW_MIN || (!isLeaptOver && local !== at)) figures.wrong += 1
      }
      for (const atMs of drills) if (hasLocalTime(night, at) && localTime(atMs, night.timeZone) !== at) figures.wrong += 1
    }
  return figures
}

/** Each answer to "is it open?", as openings. */
function openings({ timeZone, day, fromMs }: Night, at: string): { fromMs: number; minutes: number }[] {
  const recurrence: Recurrence = { kind: 'weekly', days: [isoWeekday(day)], at, minutes: WINDOW_MIN }
  const found: { fromMs: number; minutes: number }[] = []
  let isOpen = false
  for (let nowMs = fromMs; nowMs < fromMs + WATCHED_MS; nowMs += LOOK_EVERY_MIN * MINUTE_MS) {
    const { current } = windowTimes(recurrence, timeZone, nowMs)
    if (current && !isOpen) found.push({ fromMs: nowMs, minutes: 0 })
    const last = found.at(-1)
    if (current && last) last.minutes += LOOK_EVERY_MIN
    isOpen = current !== null
  }
  return found
}

/** A weekly drill, asked for again and again as the server does. */
function drillsHeld({ timeZone, day, fromMs }: Night, at: string): number[] {
  const held: number[] = []
  let doneUntilMs = fromMs - MINUTE_MS
  for (let nowMs = fromMs; nowMs < fromMs + WATCHED_MS; nowMs += LOOK_EVERY_MIN * MINUTE_MS) {
    const due = decideDue({ days: [isoWeekday(day)], at, timeZone }, doneUntilMs, nowMs)
    if (!due) continue
    held.push(nowMs)
    doneUntilMs = due.slotMs
  }
  return held
}

function isoWeekday(day: string): number {
  return new Date(`${day}T12:00:00Z`).getUTCDay() || 7
}

/** Found by looking at every minute of the day, unlike the product does. */
function hasLocalTime({ timeZone, fromMs }: Night, at: string): boolean {
  for (let atMs = fromMs; atMs < fromMs + WATCHED_MS - HOUR_MS; atMs += 15 * MINUTE_MS) if (localTime(atMs, timeZone) === at) return true
  return false
}

const formats = new Map<string, Intl.DateTimeFormat>()
function localTime(atMs: number, timeZone: string): string {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' })
  formats.set(timeZone, format)
  return format.format(atMs)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
