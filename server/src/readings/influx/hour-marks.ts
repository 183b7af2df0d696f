import { HOUR_MS } from '../hours.ts'
import type { TimeRange, WriteAnswer } from '../reading-store.ts'
import { StoreUnavailableError } from '../reading-store.ts'
import type { DeviceHandle, DeviceScan } from '../scan.ts'
import { type DeviceTags, keyOfDevice, keyOfTags, tagsOf } from './device-tags.ts'
import type { MarkRow } from './history-access.ts'
import { doneLine, markLine } from './history-lines.ts'

/** One marked hour of a device. A new one takes its place when the hour has to be marked again. */
interface HourMark {
  mark: number
  /** Its row is in the database, so writes need not carry it. */
  isStored: boolean
  /** It is being rolled up: what is written now has to mark the hour again. */
  isHandedOut: boolean
  writtenMs: number
  /** The write that is putting its row, until it is stored. */
  batch: unknown
}

type Hours = Map<number, HourMark>

interface DeviceMarks {
  tags: DeviceTags
  hours: Hours
}

export interface MarkedDevice {
  tags: DeviceTags
  hours: ReadonlyMap<number, Readonly<HourMark>>
}

export interface HandedOut {
  key: string
  hourMs: number
  mark: number
}

export interface HourMarksDependencies {
  /** Rejects when the database is away. */
  rows(): Promise<MarkRow[]>
  post(lines: string): Promise<WriteAnswer>
  nowMs(): number
}

/**
 * Which hours of which device are to be rolled up (again). A mark is one row per device and hour, at the time of the hour, with two numbers:
 * `marked`, put by a write together with the first readings of the hour, and `done`, put when the blocks are durable. The hour is marked
 * while they differ. A row shares the shard, and so the log entry, of its readings: a crash keeps both or neither.
 *
 * Writes to an hour known to be marked carry nothing more. An hour handed out for rolling up is no longer such: the next write marks it with
 * a new number, which the old `done` does not settle. One server writes to a database.
 */
export class HourMarks {
  readonly #dependencies: HourMarksDependencies
  readonly #devices = new Map<string, DeviceMarks>()
  readonly #byHandle = new WeakMap<DeviceHandle, DeviceMarks>()
  readonly #writesUnderWay = new Set<Promise<unknown>>()
  #lastMark = 0
  #loading: Promise<void> | undefined
  /** A stretch in which readings or marks are being deleted; writes into it wait. */
  #closed: { range: TimeRange; opened: Promise<void> } | undefined

  constructor(dependencies: HourMarksDependencies) {
    this.#dependencies = dependencies
  }

  /** Reads the marks that a previous run left; once. Rejects when the database is away; the next call tries again. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined
      throw error
    })
    return this.#loading
  }

  async #load(): Promise<void> {
    const nowMs = this.#dependencies.nowMs()
    for (const { tags, hourMs, marked, done } of await this.#dependencies.rows()) {
      this.#lastMark = Math.max(this.#lastMark, marked ?? 0, done ?? 0)
      if (marked === undefined || marked === done) continue
      this.#ofTags(tags).hours.set(hourMs, { mark: marked, isStored: true, isHandedOut: false, writtenMs: nowMs, batch: undefined })
    }
  }

  /** Runs a write with the marks that its scans need before its lines. Never throws. */
  async write(scans: readonly DeviceScan[], lines: string): Promise<WriteAnswer> {
    try {
      await this.load()
    } catch (error) {
      return { kind: 'retry', reason: error instanceof Error ? error.message : String(error) }
    }
    while (this.#closed !== undefined && touches(scans, this.#closed.range)) await this.#closed.opened
    const fresh = this.#marksFor(scans)
    let marks = ''
    for (const { tags, hourMs, entry } of fresh) marks += markLine(tags, hourMs, entry.mark)
    const writing = this.#dependencies.post(marks + lines)
    this.#writesUnderWay.add(writing)
    try {
      const answer = await writing
      for (const { hours, hourMs, entry, before } of fresh) {
        entry.batch = undefined
        if (answer.kind === 'stored') entry.isStored = true
        // What cannot be stored, as beyond a retention, must not stay due for ever. Anything else of the batch is sent again, with its mark.
        else if (answer.kind === 'rejected' && before === undefined && hours.get(hourMs) === entry) hours.delete(hourMs)
      }
      return answer
    } finally {
      this.#writesUnderWay.delete(writing)
    }
  }

  #marksFor(scans: readonly DeviceScan[]): FreshMark[] {
    const fresh: FreshMark[] = []
    const nowMs = this.#dependencies.nowMs()
    for (const { device, timesMs } of scans) {
      const { tags, hours } = this.#ofDevice(device)
      let lastHourMs = Number.NaN
      for (let index = 0; index < timesMs.length; index++) {
        const hourMs = Math.floor((timesMs[index] as number) / HOUR_MS) * HOUR_MS
        if (hourMs === lastHourMs) continue
        lastHourMs = hourMs
        const before = hours.get(hourMs)
        if (before !== undefined && !before.isHandedOut && (before.isStored || before.batch === fresh)) {
          before.writtenMs = nowMs
        } else if (Number.isFinite(hourMs)) {
          const entry = { mark: this.#nextMark(nowMs), isStored: false, isHandedOut: false, writtenMs: nowMs, batch: fresh }
          hours.set(hourMs, entry)
          fresh.push({ tags, hours, hourMs, entry, before })
        }
      }
    }
    return fresh
  }

  /** Marks hours without a write; for readings that were there before there were marks. */
  async mark(hours: readonly { tags: DeviceTags; hourMs: number }[]): Promise<void> {
    const nowMs = this.#dependencies.nowMs()
    let lines = ''
    for (const { tags, hourMs } of hours) lines += markLine(tags, hourMs, this.#nextMark(nowMs))
    await this.#put(lines)
  }

  /** Starts of the marked hours of a device within a range. */
  hoursIn(device: DeviceHandle, { fromMs, toMs }: TimeRange): number[] {
    return [...this.#ofDevice(device).hours.keys()].filter((hourMs) => hourMs >= fromMs && hourMs < toMs)
  }

  /** By keyOfTags. */
  devices(): ReadonlyMap<string, MarkedDevice> {
    return this.#devices
  }

  oldestMs(): number {
    let oldestMs = Number.POSITIVE_INFINITY
    for (const { hours } of this.#devices.values()) for (const hourMs of hours.keys()) oldestMs = Math.min(oldestMs, hourMs)
    return oldestMs
  }

  /** From now on writes mark these hours again; resolves when those that did not have ended. */
  async handOut(devices: readonly { key: string; hours: readonly number[] }[]): Promise<HandedOut[]> {
    const handedOut: HandedOut[] = []
    for (const { key, hours } of devices) {
      for (const hourMs of hours) {
        const entry = this.#devices.get(key)?.hours.get(hourMs)
        if (entry === undefined) continue
        entry.isHandedOut = true
        handedOut.push({ key, hourMs, mark: entry.mark })
      }
    }
    await this.#writesEnd()
    return handedOut
  }

  /** The blocks of these hours are durable. Rejects when the database is away: they stay marked. */
  async settle(all: readonly HandedOut[]): Promise<void> {
    let lines = ''
    for (const { key, hourMs, mark } of all) {
      const device = this.#devices.get(key)
      if (device !== undefined) lines += doneLine(device.tags, hourMs, mark)
    }
    await this.#put(lines)
    for (const { key, hourMs, mark } of all) {
      const hours = this.#devices.get(key)?.hours
      if (hours?.get(hourMs)?.mark === mark) hours.delete(hourMs)
    }
  }

  /** Writes into the range wait while `act` runs, and those under way have ended before it. */
  async whileClosed<T>(range: TimeRange, act: () => Promise<T>): Promise<T> {
    while (this.#closed !== undefined) await this.#closed.opened
    let open: () => void = () => undefined
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    this.#closed = { range, opened }
    try {
      await this.#writesEnd()
      return await act()
    } finally {
      this.#closed = undefined
      open()
    }
  }

  async #put(lines: string): Promise<void> {
    const answer = await this.#dependencies.post(lines)
    if (answer.kind !== 'stored' && !isBeyondRetention(answer)) {
      throw new StoreUnavailableError(`marks were not stored: ${'reason' in answer ? answer.reason : answer.kind}`)
    }
  }

  async #writesEnd(): Promise<void> {
    await Promise.allSettled([...this.#writesUnderWay])
  }

  /** Never the same twice, also after a restart, where the clock may have gone back. */
  #nextMark(nowMs: number): number {
    this.#lastMark = Math.max(this.#lastMark + 1, Math.trunc(nowMs))
    return this.#lastMark
  }

  #ofDevice(device: DeviceHandle): DeviceMarks {
    let marks = this.#byHandle.get(device)
    if (marks === undefined) {
      marks = this.#ofTags(tagsOf(device), keyOfDevice(device))
      this.#byHandle.set(device, marks)
    }
    return marks
  }

  #ofTags(tags: DeviceTags, key = keyOfTags(tags)): DeviceMarks {
    let marks = this.#devices.get(key)
    if (marks === undefined) {
      marks = { tags, hours: new Map() }
      this.#devices.set(key, marks)
    }
    return marks
  }
}

interface FreshMark {
  tags: DeviceTags
  hours: Hours
  hourMs: number
  entry: HourMark
  before: HourMark | undefined
}

/** A database whose own retention ends sooner than ours drops what is older; there is nothing left to keep. */
export function isBeyondRetention(answer: WriteAnswer): boolean {
  return answer.kind === 'rejected' && /beyond retention/i.test(answer.reason)
}

function touches(scans: readonly DeviceScan[], { fromMs, toMs }: TimeRange): boolean {
  return scans.some(({ timesMs }) => {
    for (let index = 0; index < timesMs.length; index++) {
      const timeMs = timesMs[index] as number
      if (timeMs >= fromMs && timeMs < toMs) return true
    }
    return false
  })
}
