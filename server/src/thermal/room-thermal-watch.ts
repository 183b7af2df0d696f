import type { RoomThermal, ThermalRunning } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { DeviceEntry, RoomEntry } from '../ingest/entries.ts'
import type { LocalMinute } from '../limits/local-minute.ts'
import { Fits } from './fits.ts'
import { heatHabit } from './heat-habit.ts'
import type { RoomSample } from './heating-model.ts'
import { lookBack, runningSince } from './look-back.ts'
import { type RoomPoints, roomPoints } from './room-points.ts'
import { NO_SIGNS, nextSigns, type SignState, sampleNow } from './room-signs.ts'
import { learnedOf, NOTHING_KNOWN, quietState, type RoomKnowledge, runningState } from './running-state.ts'
import { type HistoryReader, readHeat, readSamples } from './stored-history.ts'
import { batteryOf, countingGaps, dischargesOf, ofPresentBattery } from './thermal-rows.ts'
import { learnRuntime } from './ups-truth.ts'

export interface RoomThermalWatchDeps {
  db: Db
  clock: { nowMs(): number }
  localMinute: LocalMinute
  log: Logger
  directory: { rooms: ReadonlyMap<number, RoomEntry>; devices: ReadonlyMap<number, DeviceEntry> }
  readings: HistoryReader
  change(change: Change): void
}

interface Watched {
  points: RoomPoints
  signs: SignState
  /** Newest last; from two minutes before a gap, else of the last minutes. */
  samples: RoomSample[]
  known: RoomKnowledge
  running: ThermalRunning | null
  /** A time without loss was seen: a loss that begins now began now. */
  hasSeenQuiet: boolean
  /** The last look at it threw; told once. */
  hasFailed: boolean
  /** Counts what was learned anew. */
  learning: number
  /** The loss had begun before the first look: its beginning is in the store. */
  isResumeDue: boolean
  nextForecastMs: number
  nextLookMs: number
  /** A further look, for readings that come late. */
  lookAgainMs: number | null
}

const TICK_MS = 1000
/** Devices are born, moved and retired seldom: looked for this often, and chosen anew at the latest after a minute (points may be renamed). */
const PLACES_MS = 2000
const CHOOSE_MS = 60_000
const FORECAST_MS = 10_000
/** Before a gap: what its temperature is measured from (two minutes), and a little. */
const BEFORE_MS = 150_000
/** A day without cooling at a sample each 5 s; of a longer one every second of the older half goes. */
const MOST_SAMPLES = 17_280
const LOOK_MS = 3_600_000
/** After a gap: until its last readings are stored, and once more for late ones. */
const LOOK_AFTER_MS = 15_000
const LOOK_AGAIN_MS = 120_000
/** The store was away. */
const RETRY_MS = 60_000
const FIRST_LOOK_AFTER_MS = 20_000

/**
 * Watches the heat of every room beside ingest: it looks at the live values each second, reads the stored ones hourly and after a loss, and while
 * cooling or mains are lost works out every ten seconds how long is left.
 */
export class RoomThermalWatch {
  readonly #deps: RoomThermalWatchDeps
  readonly #rooms = new Map<number, Watched>()
  readonly #fits = new Fits()
  #timer: NodeJS.Timeout | undefined
  #nextPlacesMs = 0
  #chosenAtMs = 0
  #places = ''
  /** What reads the database or the store now. */
  readonly #begun = new Set<Promise<void>>()
  #isLooking = false
  #isStoreAway = false
  #isStopped = false

  constructor(deps: RoomThermalWatchDeps) {
    this.#deps = deps
  }

  start(): void {
    this.tick()
    this.#timer = setInterval(() => this.tick(), TICK_MS)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await this.settled()
    await this.#fits.stop()
  }

  /** Rooms in which cooling or mains are lost now. */
  running(): ThermalRunning[] {
    return [...this.#rooms.values()].flatMap(({ running }) => running ?? [])
  }

  /** undefined: no such room. */
  room(roomId: number): RoomThermal | undefined {
    const { directory, clock, localMinute } = this.#deps
    if (!directory.rooms.has(roomId)) return undefined
    this.#place(clock.nowMs())
    const watched = this.#rooms.get(roomId)
    const points = watched?.points ?? roomPoints(roomId, [])
    const known = watched?.known ?? NOTHING_KNOWN
    return {
      roomId,
      running: watched?.running ?? null,
      quiet: watched?.running ? null : quietState({ points, samples: watched?.samples ?? [], known, nowMs: clock.nowMs(), localMinute }),
      learned: learnedOf(known),
      sources: {
        judgedBy: points.judgedBy,
        points: points.temperatures.map(({ id, name, nameEn }) => ({ pointId: id, name, nameEn })),
        heat: points.heat?.source ?? null,
        coolingUnits: points.units.length,
        upses: points.upses.length,
      },
    }
  }

  /** The UPSes of a room. */
  upses(roomId: number): RoomPoints['upses'] {
    return this.#rooms.get(roomId)?.points.upses ?? []
  }

  /** One look at every room; called every second. */
  tick(): void {
    const nowMs = this.#deps.clock.nowMs()
    this.#place(nowMs)
    for (const watched of this.#rooms.values()) this.#stepGuarded(watched, nowMs)
    const due = [...this.#rooms.values()].filter(({ nextLookMs }) => nextLookMs <= nowMs).sort((a, b) => a.nextLookMs - b.nextLookMs)[0]
    if (due && !this.#isLooking) void this.#look(due)
  }

  /** Until what was begun is done. */
  async settled(): Promise<void> {
    while (this.#begun.size > 0) await Promise.all(this.#begun)
  }

  /** After people left a gap out, put it back, or said that a battery is new. */
  async reload(roomId: number): Promise<void> {
    const watched = this.#rooms.get(roomId)
    if (!watched) return
    await this.#begin(() => this.#learnAnew(watched))
  }

  #place(nowMs: number): void {
    if (nowMs < this.#nextPlacesMs && nowMs > this.#nextPlacesMs - PLACES_MS) return
    this.#nextPlacesMs = nowMs + PLACES_MS
    const devices = [...this.#deps.directory.devices.values()].filter(({ retired, isDrill }) => !retired && !isDrill)
    const places = devices.map(({ id, name, room, points }) => `${id} ${room.id} ${points.size} ${name}`).join()
    if (places === this.#places && Math.abs(nowMs - this.#chosenAtMs) < CHOOSE_MS) return
    this.#places = places
    this.#chosenAtMs = nowMs
    const devicesOf = Map.groupBy(devices, ({ room }) => room.id)
    for (const [roomId, inRoom] of devicesOf) {
      const points = roomPoints(roomId, inRoom)
      const known = this.#rooms.get(roomId)
      if (known) {
        const hasOtherHeat = known.points.heat?.source !== points.heat?.source || known.points.upses.length !== points.upses.length
        known.points = points
        if (hasOtherHeat) void this.reload(roomId)
        continue
      }
      const watched: Watched = {
        points,
        signs: NO_SIGNS,
        samples: [],
        known: NOTHING_KNOWN,
        running: null,
        hasSeenQuiet: false,
        hasFailed: false,
        learning: 0,
        isResumeDue: false,
        nextForecastMs: 0,
        nextLookMs: nowMs + FIRST_LOOK_AFTER_MS,
        lookAgainMs: null,
      }
      this.#rooms.set(roomId, watched)
      void this.#begin(() => this.#learnAnew(watched))
    }
    for (const roomId of this.#rooms.keys()) if (!devicesOf.has(roomId)) this.#rooms.delete(roomId)
  }

  /** One room that cannot be worked out stops neither the others nor the server. */
  #stepGuarded(watched: Watched, nowMs: number): void {
    try {
      this.#step(watched, nowMs)
      watched.hasFailed = false
    } catch (error) {
      const { roomId } = watched.points
      if (!watched.hasFailed) this.#deps.log.error({ module: 'thermal', err: error, roomId }, 'the heat of a room could not be worked out')
      watched.hasFailed = true
    }
  }

  #step(watched: Watched, nowMs: number): void {
    const sample = sampleNow(watched.points)
    const last = watched.samples.at(-1)
    if (sample && sample.atMs > (last?.atMs ?? 0)) watched.samples.push(sample)
    const before = watched.signs
    watched.signs = nextSigns(before, watched.points, sample?.celsius ?? null, nowMs)
    const { gap, mainsLostAtMs } = watched.signs
    const hasSigns = watched.signs.stopped.size > 0 || watched.points.upses.some(({ status }) => (status?.live.timeMs ?? 0) > 0)
    if (hasSigns && gap === null && mainsLostAtMs === null) watched.hasSeenQuiet = true
    if (gap !== null && before.gap === null && !watched.hasSeenQuiet) watched.isResumeDue = true
    this.#trim(watched, nowMs)
    this.#foretell(watched, nowMs)
  }

  #trim(watched: Watched, nowMs: number): void {
    const fromMs = (watched.signs.gap?.startMs ?? nowMs) - BEFORE_MS
    const first = watched.samples.findIndex(({ atMs }) => atMs >= fromMs)
    if (first > 0) watched.samples.splice(0, first)
    if (watched.samples.length <= MOST_SAMPLES) return
    const half = MOST_SAMPLES / 2
    watched.samples = watched.samples.filter((_, index) => index >= half || index % 2 === 0)
  }

  #foretell(watched: Watched, nowMs: number): void {
    const { points, signs, samples, known } = watched
    const isRunning = signs.gap?.isSure === true || signs.mainsLostAtMs !== null
    if (!isRunning) {
      if (watched.running === null) return
      watched.running = null
      watched.nextForecastMs = 0
      watched.nextLookMs = Math.min(watched.nextLookMs, nowMs + LOOK_AFTER_MS)
      watched.lookAgainMs = nowMs + LOOK_AGAIN_MS
      this.#deps.change({ topic: 'thermal', id: points.roomId })
      return
    }
    // At once at its beginning, and when the other one is lost or back.
    const { running } = watched
    const isNews =
      running === null ||
      (running.cooling === null) !== (signs.gap?.isSure !== true) ||
      (running.mainsLostAtMs === null) !== (signs.mainsLostAtMs === null)
    if (!isNews && nowMs < watched.nextForecastMs) return
    watched.nextForecastMs = nowMs + FORECAST_MS
    if (watched.isResumeDue && signs.gap !== null) void this.#begin(() => this.#resume(watched))
    const roomName = this.#deps.directory.rooms.get(points.roomId)?.name ?? ''
    watched.running = runningState({ points, roomName, signs, samples, known, nowMs, localMinute: this.#deps.localMinute })
    this.#deps.change({ topic: 'thermal', id: points.roomId })
  }

  /** A server that starts in the middle of a loss: it began earlier than what was heard since. */
  async #resume(watched: Watched): Promise<void> {
    const { readings, clock } = this.#deps
    watched.isResumeDue = false
    const sinceMs = await runningSince(readings, watched.points, clock.nowMs()).catch((error: unknown) => {
      watched.isResumeDue = true
      throw error
    })
    const { gap } = watched.signs
    if (sinceMs === undefined || gap === null || sinceMs >= gap.startMs) return
    const firstMs = watched.samples[0]?.atMs ?? clock.nowMs()
    const stored = await readSamples(readings, watched.points, { fromMs: sinceMs - BEFORE_MS, toMs: firstMs })
    watched.samples.unshift(...stored.filter(({ atMs }) => atMs < firstMs))
    const baseCelsius = stored.findLast(({ atMs }) => atMs < sinceMs)?.celsius ?? gap.baseCelsius
    const mainsLostAtMs = watched.signs.mainsLostAtMs === null ? null : Math.min(sinceMs, watched.signs.mainsLostAtMs)
    watched.signs = { ...watched.signs, mainsLostAtMs, gap: { ...gap, startMs: sinceMs, baseCelsius } }
    watched.nextForecastMs = 0
  }

  async #look(watched: Watched): Promise<void> {
    const { clock } = this.#deps
    this.#isLooking = true
    watched.nextLookMs = clock.nowMs() + RETRY_MS
    await this.#begin(async () => {
      const hasLearned = await lookBack({ ...this.#deps, fits: this.#fits, isStopped: () => this.#isStopped }, watched.points)
      this.#isStoreAway = false
      const { lookAgainMs } = watched
      watched.lookAgainMs = null
      watched.nextLookMs = lookAgainMs !== null && lookAgainMs > clock.nowMs() ? lookAgainMs : clock.nowMs() + LOOK_MS
      if (hasLearned) await this.#learnAnew(watched)
      const habit = heatHabit(await readHeat(this.#deps.readings, watched.points, clock.nowMs()))
      watched.known = { ...watched.known, habit }
    })
    this.#isLooking = false
  }

  async #learnAnew(watched: Watched): Promise<void> {
    const { db } = this.#deps
    const { roomId, heat, upses } = watched.points
    const turn = ++watched.learning
    const runtimes = new Map<number, ReturnType<typeof learnRuntime>>()
    for (const { device } of upses) {
      const battery = await batteryOf(db, device.id)
      runtimes.set(device.id, learnRuntime(ofPresentBattery(await dischargesOf(db, device.id), battery?.installedMs)))
    }
    const gaps = await countingGaps(db, roomId, heat?.source ?? null)
    const model = gaps.length === 0 ? undefined : await this.#fits.merge(gaps)
    // One that was begun later knows more.
    if (turn !== watched.learning) return
    watched.known = { ...watched.known, model, runtimes }
    watched.nextForecastMs = 0
    this.#deps.change({ topic: 'thermal', id: roomId })
  }

  /** What reads the database or the store, beside the looks; a failure is told once and tried again by the next look. */
  #begin(work: () => Promise<void>): Promise<void> {
    const guarded = async (): Promise<void> => {
      try {
        if (!this.#isStopped) await work()
      } catch (error) {
        if (!this.#isStoreAway && !this.#isStopped)
          this.#deps.log.warn({ module: 'thermal', err: error }, 'the heat of a room could not be learned; it is tried again')
        this.#isStoreAway = true
      }
    }
    const begun = guarded().finally(() => this.#begun.delete(begun))
    this.#begun.add(begun)
    return begun
  }
}
