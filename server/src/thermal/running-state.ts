import type { RoomThermal, ThermalRunning, UpsLeft } from '@roomkeeper/shared/http'
import { upsTokens } from '@roomkeeper/shared/model'
import type { LocalMinute } from '../limits/local-minute.ts'
import type { HeatHabit } from './heat-habit.ts'
import { firstGuess, forecast, type HeatForecast, type HeatingModel, type RoomSample } from './heating-model.ts'
import { nearerLimit } from './nearer.ts'
import { nextLimit, type RoomPoints } from './room-points.ts'
import { type SignState, sampleNow, upsNow } from './room-signs.ts'
import { type LearnedRuntime, runtimeLeft } from './ups-truth.ts'

export interface RoomKnowledge {
  model: HeatingModel | undefined
  /** By the device's id. */
  runtimes: ReadonlyMap<number, LearnedRuntime | undefined>
  /** What the heat did in the hours before the last look. */
  habit: HeatHabit | undefined
}
export const NOTHING_KNOWN: RoomKnowledge = { model: undefined, runtimes: new Map(), habit: undefined }

/** An older temperature says nothing of now. */
const STALE_MS = 180_000

interface Now {
  points: RoomPoints
  roomName: string
  signs: SignState
  /** From two minutes before the gap until now. */
  samples: readonly RoomSample[]
  known: RoomKnowledge
  nowMs: number
  /** Of the hospital's clock: limits differ by day and night. */
  localMinute: LocalMinute
}

/** What is to be shown while cooling or mains are lost; null while neither is. */
export function runningState({ points, roomName, signs, samples, known, nowMs, localMinute }: Now): ThermalRunning | null {
  const { mainsLostAtMs } = signs
  const gap = signs.gap?.isSure ? signs.gap : null
  if (gap === null && mainsLostAtMs === null) return null
  const latest = sampleNow(points)
  const celsius = latest && nowMs - latest.atMs <= STALE_MS ? latest.celsius : null
  const limit = nextLimit(points.temperatures, celsius, nowMs, localMinute)
  const { model, habit } = known
  const limitCelsius = limit?.celsius ?? 0
  // A room that was never without cooling is guessed from what rooms are like, and from what it shows now.
  const tell = (startMs: number): HeatForecast =>
    model ? forecast(model, samples, startMs, limitCelsius, nowMs, habit) : firstGuess(samples, startMs, limitCelsius, nowMs, habit)
  const heat = gap === null ? null : heatForecast(points, limit, () => tell(gap.startMs))
  const upses = mainsLostAtMs === null ? [] : upsesLeft(points, known)
  return {
    roomId: points.roomId,
    roomName,
    cooling: gap && { cause: gap.cause, startMs: gap.startMs },
    mainsLostAtMs,
    celsius,
    celsiusAtMs: latest?.atMs ?? null,
    limitCelsius: limit?.celsius ?? null,
    limitKind: limit?.kind ?? null,
    forecast: heat,
    isGuess: model === undefined && (heat?.kind === 'at' || heat?.kind === 'never'),
    gaps: model?.gaps.length ?? 0,
    lastGapEndMs: model?.gaps.at(-1)?.endMs ?? null,
    upses,
    nearer: nearerLimit(heat, upses[0]),
    atMs: nowMs,
  }
}

function heatForecast(
  points: RoomPoints,
  limit: { celsius: number } | null,
  tell: () => HeatForecast,
): NonNullable<ThermalRunning['forecast']> {
  if (points.temperatures.length === 0) return { kind: 'unknown', reason: 'no-temperature' }
  if (limit === null) return { kind: 'unknown', reason: 'no-limit' }
  return wholeMs(tell())
}

/** Times on the wire are whole milliseconds. */
function wholeMs(told: HeatForecast): NonNullable<ThermalRunning['forecast']> {
  if (told.kind === 'never') return { kind: 'never', settlesAtCelsius: told.settlesAtCelsius }
  if (told.kind === 'unknown') return { kind: 'unknown', reason: told.reason }
  return { kind: 'at', atMs: Math.round(told.atMs), earliestMs: Math.round(told.earliestMs), latestMs: Math.round(told.latestMs) }
}

/** UPSes that carry the room, the first to end first; those that cannot say last. */
function upsesLeft(points: RoomPoints, known: RoomKnowledge): UpsLeft[] {
  return points.upses
    .map((ups): UpsLeft => {
      const { sample } = upsNow(ups)
      const { id, name, nameEn } = ups.device
      const isOff = upsTokens(sample.status).includes('OFF')
      const left = isOff ? ({ seconds: 0, by: 'claimed' } as const) : runtimeLeft(known.runtimes.get(id), sample)
      return {
        deviceId: id,
        deviceName: name,
        deviceNameEn: nameEn,
        emptyAtMs: 'seconds' in left ? Math.round(sample.atMs + left.seconds * 1000) : null,
        by: 'seconds' in left ? left.by : null,
        measured: known.runtimes.get(id)?.discharges ?? 0,
        claimedSeconds: sample.runtimeSeconds ?? null,
        chargePercent: sample.chargePercent ?? null,
        loadPercent: sample.loadPercent ?? null,
        atMs: sample.atMs,
      }
    })
    .sort((a, b) => (a.emptyAtMs ?? Number.POSITIVE_INFINITY) - (b.emptyAtMs ?? Number.POSITIVE_INFINITY))
}

/** What would happen if the cooling stopped now; `samples` are of the last minutes. */
export function quietState({ points, samples, known, nowMs, localMinute }: Omit<Now, 'roomName' | 'signs'>): RoomThermal['quiet'] {
  const latest = samples.at(-1)
  const celsius = latest && nowMs - latest.atMs <= STALE_MS ? latest.celsius : null
  const limit = nextLimit(points.temperatures, celsius, nowMs, localMinute)
  const tell = (): HeatForecast => {
    if (!latest || celsius === null) return { kind: 'unknown', reason: known.model ? 'samples-stale' : 'nothing-learned' }
    return forecast(known.model, [...samples, { ...latest, atMs: nowMs }], nowMs, limit?.celsius ?? 0, nowMs, known.habit)
  }
  return { celsius, limitCelsius: limit?.celsius ?? null, forecast: heatForecast(points, limit, tell), atMs: nowMs }
}

/** What the room's page says besides the countdown. */
export function learnedOf({ model }: RoomKnowledge): RoomThermal['learned'] {
  const last = model?.gaps.at(-1)
  if (!model || !last) return null
  return {
    gaps: model.gaps.length,
    lastEndMs: last.endMs,
    timeConstantSeconds: model.shape.fastSeconds,
    residualKelvin: model.residualKelvin,
  }
}
