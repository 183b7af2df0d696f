import { floorTo, HOUR_MS } from '../buckets.ts'
import { tagValue } from '../line-protocol.ts'
import type { TimeRange, WriteAnswer } from '../reading-store.ts'
import type { DeviceHandle, DeviceScan } from '../scan.ts'
import { DIRTY_MEASUREMENT, rollUpHours } from './influxql.ts'

interface DeviceTags {
  site: string
  node: string
  device: string
}

interface DirtyDevice {
  tags: DeviceTags
  hours: Set<number>
}

type DirtyDevices = Map<string, DirtyDevice>

export interface HourRollupsDependencies {
  /** Rows of one InfluxQL statement, per series. Throws when the database is away. */
  select(statement: string): Promise<{ tags: Record<string, string>; columns: string[]; values: unknown[][] }[]>
  execute(statement: string): Promise<void>
  post(lines: string): Promise<WriteAnswer>
  nowMs(): number
}

/** An hour is rolled up this long after its end, so that readings on their way do not make it dirty again at once. */
const GRACE_MS = 60_000
/** Hours of one device aggregated by one query: keeps each query short. */
const MAX_HOURS_PER_QUERY = 24

/**
 * Keeps hourly aggregates in InfluxDB 1.x right under late and repeated readings. (Its own continuous queries only ever do the
 * last interval.)
 *
 * Every write carries a mark for each hour of a device that is not yet known to be marked; marks are rows in the database, so a crash
 * forgets none. A run takes the marks, lets writes under way end, aggregates their closed hours, marks the open ones again, and
 * deletes the marks it took. Interrupted anywhere it can simply run again. History reads marked hours from the raw readings.
 */
export class HourRollups {
  readonly #dependencies: HourRollupsDependencies
  /** Hours known to be marked in the database. */
  #marked: DirtyDevices = new Map()
  /** Hours being rolled up: still dirty for readers, but writes mark them again. */
  #running: DirtyDevices = new Map()
  #loaded = false
  #lastMarkMs = 0
  readonly #writesUnderWay = new Set<Promise<unknown>>()
  #run: Promise<void> | undefined

  constructor(dependencies: HourRollupsDependencies) {
    this.#dependencies = dependencies
  }

  /** Reads the marks a previous run left behind. Until then `dirtyHours` says undefined. */
  async load(): Promise<void> {
    const marks = await this.#readMarks(undefined)
    for (const [key, device] of marks.devices) addHours(this.#marked, key, device.tags, device.hours)
    this.#lastMarkMs = Math.max(this.#lastMarkMs, marks.lastMs)
    this.#loaded = true
  }

  /** Runs a write with the marks its scans need put before its lines. */
  async write(scans: readonly DeviceScan[], lines: string): Promise<WriteAnswer> {
    const marks = this.#marksFor(scans)
    const writing = this.#dependencies.post(marks.lines + lines)
    this.#writesUnderWay.add(writing)
    try {
      const answer = await writing
      if (answer.kind === 'stored') {
        // Only into the generation the marks were made for: a run that began meanwhile has taken them.
        for (const [key, device] of marks.devices) addHours(marks.generation, key, device.tags, device.hours)
      }
      return answer
    } finally {
      this.#writesUnderWay.delete(writing)
    }
  }

  /** Hours of a device within a range whose rollup must not be trusted; undefined = not known yet, trust none. */
  dirtyHours(device: DeviceHandle, { fromMs, toMs }: TimeRange): number[] | undefined {
    if (!this.#loaded) return undefined
    const key = keyOf(tagsOf(device))
    const hours = new Set([...(this.#marked.get(key)?.hours ?? []), ...(this.#running.get(key)?.hours ?? [])])
    return [...hours].filter((hourMs) => hourMs >= fromMs && hourMs < toMs).sort((a, b) => a - b)
  }

  /** Rolls up what is due. Throws when the database is away; nothing is forgotten then. */
  rollUp(): Promise<void> {
    this.#run ??= this.#rollUp().finally(() => {
      this.#run = undefined
    })
    return this.#run
  }

  async #rollUp(): Promise<void> {
    if (!this.#loaded) await this.load()
    const closedBeforeMs = floorTo(this.#dependencies.nowMs() - GRACE_MS, HOUR_MS)
    const due = [...this.#marked.values()].some((device) => [...device.hours].some((hourMs) => hourMs < closedBeforeMs))
    if (!due) return

    const cutMs = this.#lastMarkMs
    this.#running = this.#marked
    this.#marked = new Map()
    try {
      // Writes that relied on the old marks must have landed before their hours are aggregated.
      await Promise.allSettled([...this.#writesUnderWay])
      const marks = await this.#readMarks(cutMs)
      for (const [key, device] of marks.devices) addHours(this.#running, key, device.tags, device.hours)
      const open: DirtyDevices = new Map()
      for (const [key, { tags, hours }] of this.#running) {
        for (const range of hourRanges([...hours].filter((hourMs) => hourMs < closedBeforeMs))) {
          await this.#dependencies.execute(rollUpHours(tags, range))
        }
        addHours(
          open,
          key,
          tags,
          [...hours].filter((hourMs) => hourMs >= closedBeforeMs),
        )
      }
      const answer = await this.#dependencies.post(this.#markLines(open))
      if (answer.kind !== 'stored') throw new Error(`marks of open hours were not stored: ${answer.kind}`)
      if (marks.firstMs <= marks.lastMs) {
        await this.#dependencies.execute(`DELETE FROM ${DIRTY_MEASUREMENT} WHERE time >= ${marks.firstMs}ms AND time <= ${marks.lastMs}ms`)
      }
      for (const [key, device] of open) addHours(this.#marked, key, device.tags, device.hours)
    } catch (error) {
      for (const [key, device] of this.#running) addHours(this.#marked, key, device.tags, device.hours)
      throw error
    } finally {
      this.#running = new Map()
    }
  }

  #marksFor(scans: readonly DeviceScan[]): { lines: string; devices: DirtyDevices; generation: DirtyDevices } {
    const devices: DirtyDevices = new Map()
    for (const scan of scans) {
      let lastHourMs = Number.NaN
      for (const timeMs of scan.timesMs) {
        const hourMs = floorTo(timeMs, HOUR_MS)
        if (hourMs === lastHourMs) continue
        lastHourMs = hourMs
        if (!Number.isFinite(hourMs) || this.#knownMarks(scan.device).has(hourMs)) continue
        const tags = tagsOf(scan.device)
        addHours(devices, keyOf(tags), tags, [hourMs])
      }
    }
    return { lines: devices.size === 0 ? '' : this.#markLines(devices), devices, generation: this.#marked }
  }

  // The set of a device is looked up once per scan; by identity, as building its key costs more than the rest.
  #knownCache = new WeakMap<DeviceHandle, { generation: DirtyDevices; hours: Set<number> }>()
  #knownMarks(device: DeviceHandle): Set<number> {
    const cached = this.#knownCache.get(device)
    if (cached !== undefined && cached.generation === this.#marked) return cached.hours
    const tags = tagsOf(device)
    addHours(this.#marked, keyOf(tags), tags, [])
    const hours = (this.#marked.get(keyOf(tags)) as DirtyDevice).hours
    this.#knownCache.set(device, { generation: this.#marked, hours })
    return hours
  }

  /** Each mark gets a time of its own, so marks of one device do not overwrite each other and can be deleted by time. */
  #markLines(devices: DirtyDevices): string {
    let lines = ''
    for (const { tags, hours } of devices.values()) {
      const series = `${DIRTY_MEASUREMENT},site=${escaped(tags.site)},node=${escaped(tags.node)},device=${escaped(tags.device)}`
      for (const hourMs of hours) {
        this.#lastMarkMs = Math.max(this.#lastMarkMs + 1, Math.trunc(this.#dependencies.nowMs()))
        lines += `${series} hour=${hourMs}i ${this.#lastMarkMs}\n`
      }
    }
    return lines
  }

  async #readMarks(untilMs: number | undefined): Promise<{ devices: DirtyDevices; firstMs: number; lastMs: number }> {
    const where = untilMs === undefined ? '' : ` WHERE time <= ${untilMs}ms`
    const devices: DirtyDevices = new Map()
    let firstMs = Number.POSITIVE_INFINITY
    let lastMs = 0
    for (const series of await this.#dependencies.select(`SELECT hour FROM ${DIRTY_MEASUREMENT}${where} GROUP BY site, node, device`)) {
      const tags = { site: series.tags.site ?? '', node: series.tags.node ?? '', device: series.tags.device ?? '' }
      addHours(
        devices,
        keyOf(tags),
        tags,
        series.values.map((row) => row[1] as number),
      )
      for (const row of series.values) {
        firstMs = Math.min(firstMs, row[0] as number)
        lastMs = Math.max(lastMs, row[0] as number)
      }
    }
    return { devices, firstMs, lastMs }
  }
}

function escaped(tag: string): string {
  return tag.replace(/[,= ]/g, '\\$&')
}

function tagsOf(device: DeviceHandle): DeviceTags {
  return { site: tagValue(device.site), node: tagValue(device.node), device: tagValue(device.device) }
}

function keyOf(tags: DeviceTags): string {
  return JSON.stringify([tags.site, tags.node, tags.device])
}

function addHours(devices: DirtyDevices, key: string, tags: DeviceTags, hours: Iterable<number>): void {
  let device = devices.get(key)
  if (device === undefined) {
    device = { tags, hours: new Set() }
    devices.set(key, device)
  }
  for (const hourMs of hours) device.hours.add(hourMs)
}

/** Neighbouring hours as ranges of at most MAX_HOURS_PER_QUERY. */
export function hourRanges(hours: number[], maxHours: number = MAX_HOURS_PER_QUERY): TimeRange[] {
  const ranges: TimeRange[] = []
  for (const hourMs of [...hours].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && last.toMs === hourMs && last.toMs - last.fromMs < maxHours * HOUR_MS) last.toMs += HOUR_MS
    else ranges.push({ fromMs: hourMs, toMs: hourMs + HOUR_MS })
  }
  return ranges
}
