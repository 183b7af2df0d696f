import { z } from 'zod'
import { id, longText, route, timeMs } from './contract-base.ts'

/** Why the cooling counts as lost. */
export const COOLING_LOSS_CAUSES = ['mains-lost', 'cooling-fault', 'cooling-stopped'] as const

/** When the room reaches the limit without cooling; with why nobody can say. */
export const heatForecastSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('at'), atMs: timeMs, earliestMs: timeMs, latestMs: timeMs }),
  /** Not within twelve hours. */
  z.object({ kind: z.literal('never'), settlesAtCelsius: z.number() }),
  z.object({
    kind: z.literal('unknown'),
    reason: z.enum(['nothing-learned', 'no-samples', 'samples-stale', 'not-warming', 'no-temperature', 'no-limit']),
  }),
])
export type HeatForecast = z.output<typeof heatForecastSchema>

export const upsLeftSchema = z.object({
  deviceId: id,
  deviceName: z.string(),
  deviceNameEn: z.string(),
  /** When the battery is empty at the present load; null: unknown (nothing learned, and the UPS claims nothing). */
  emptyAtMs: timeMs.nullable(),
  /** Whether that was learned from its own discharges, or is what the UPS claims. The smaller of both counts. */
  by: z.enum(['learned', 'claimed']).nullable(),
  /** Discharges from which its runtime was learned. */
  measured: z.number(),
  /** What the UPS itself says is left, s. */
  claimedSeconds: z.number().nullable(),
  chargePercent: z.number().nullable(),
  loadPercent: z.number().nullable(),
  /** The reading that this is from. */
  atMs: timeMs,
})
export type UpsLeft = z.output<typeof upsLeftSchema>

/** Cooling or mains are lost now. */
export const thermalRunningSchema = z.object({
  roomId: id,
  roomName: z.string(),
  /** null: the mains are lost, but the air conditioners run on. */
  cooling: z.object({ cause: z.enum(COOLING_LOSS_CAUSES), startMs: timeMs }).nullable(),
  mainsLostAtMs: timeMs.nullable(),
  /** Warmest of the points where the room is judged; null: no reading that counts. */
  celsius: z.number().nullable(),
  celsiusAtMs: timeMs.nullable(),
  /** The limit that is foretold: the room's own, and once it is passed the next at which equipment gives up. */
  limitCelsius: z.number().nullable(),
  /** own: a limit in force in the room. equipment: inlet limits of ASHRAE classes A2 (35 °C), A3 (40 °C), A4 (45 °C). */
  limitKind: z.enum(['own', 'equipment']).nullable(),
  /** Absent while the cooling runs. */
  forecast: heatForecastSchema.nullable(),
  /** The forecast is a first guess of ordinary rooms: nothing was learned here yet. */
  isGuess: z.boolean(),
  gaps: z.number(),
  lastGapEndMs: timeMs.nullable(),
  /** UPSes on battery, the one that ends first first. */
  upses: z.array(upsLeftSchema),
  /** either: closer together than is known, prepare for both. neither: no limit comes into sight. unknown: an unknown side may be the nearer one. */
  nearer: z.enum(['heat', 'ups', 'either', 'neither', 'unknown']),
  /** When this was worked out. */
  atMs: timeMs,
})
export type ThermalRunning = z.output<typeof thermalRunningSchema>

/** By what the temperature points of a room are chosen, best first. */
export const JUDGED_BY = ['rack-inlet', 'cold-aisle', 'room', 'any'] as const
/** By what the heat of a room is known, best first. */
export const HEAT_SOURCES = ['racks', 'ups-power', 'ups-load'] as const

export const roomThermalSchema = z.object({
  roomId: id,
  running: thermalRunningSchema.nullable(),
  /** Without cooling from now on; null while it is lost. */
  quiet: z
    .object({
      celsius: z.number().nullable(),
      limitCelsius: z.number().nullable(),
      forecast: heatForecastSchema,
      atMs: timeMs,
    })
    .nullable(),
  /** Gaps that count, newest last; null without any. */
  learned: z.object({ gaps: z.number(), lastEndMs: timeMs, timeConstantSeconds: z.number(), residualKelvin: z.number() }).nullable(),
  /** What is read in this room, and what is missing. */
  sources: z.object({
    judgedBy: z.enum(JUDGED_BY).nullable(),
    points: z.array(z.object({ pointId: id, name: z.string(), nameEn: z.string() })),
    heat: z.enum(HEAT_SOURCES).nullable(),
    coolingUnits: z.number(),
    upses: z.number(),
  }),
})
export type RoomThermal = z.output<typeof roomThermalSchema>

export const coolingGapSchema = z.object({
  id,
  roomId: id,
  startMs: timeMs,
  endMs: timeMs,
  cause: z.enum(COOLING_LOSS_CAUSES),
  /** Temperature before it, °C, and how far it rose, K; null where it taught nothing. */
  baseCelsius: z.number().nullable(),
  riseKelvin: z.number().nullable(),
  timeConstantSeconds: z.number().nullable(),
  /** Why it taught nothing, as the program found it. */
  notLearned: z.string().nullable(),
  /** A person left it out of learning. */
  leftOut: z.object({ by: z.string(), reason: z.string(), atMs: timeMs }).nullable(),
})
export type CoolingGap = z.output<typeof coolingGapSchema>

export const upsDischargeSchema = z.object({
  id,
  startMs: timeMs,
  endMs: timeMs,
  /** Share of a full charge, 0..1. */
  chargeUsed: z.number(),
  meanLoadPercent: z.number(),
  /** What a full charge would carry at rated power by this discharge, s; and by the UPS's claim at its start. */
  fullLoadSeconds: z.number(),
  claimedFullLoadSeconds: z.number().nullable(),
  /** Of an earlier battery: does not count any more. */
  isOfEarlierBattery: z.boolean(),
})

export const batteryReplacementSchema = z.object({
  dueMs: timeMs,
  earliestMs: timeMs,
  latestMs: timeMs,
  confidence: z.enum(['high', 'medium', 'low']),
  basis: z.enum(['capacity', 'age']),
  /** Measured capacity against the new battery, 0..1; null by age. */
  capacityShare: z.number().nullable(),
})

const batteryBody = z.object({
  /** When the battery that is in it now was put in. */
  installedMs: timeMs.nullable(),
  /** Runtime of the new battery at rated power, minutes, by its data sheet. */
  nominalFullLoadMinutes: z.number().positive().max(1440).nullable(),
  note: longText.default(''),
})
export const upsBatterySchema = batteryBody.extend({ revision: z.number(), by: z.string(), atMs: timeMs })

/** What a UPS promises against what it was measured to do. */
export const upsTruthSchema = z.object({
  deviceId: id,
  deviceName: z.string(),
  deviceNameEn: z.string(),
  roomId: id,
  online: z.boolean(),
  status: z.string().nullable(),
  chargePercent: z.number().nullable(),
  loadPercent: z.number().nullable(),
  /** At the present charge and load, s. */
  claimedSeconds: z.number().nullable(),
  learnedSeconds: z.number().nullable(),
  /** Learned / claimed over its discharges; below 1 it promises too much. */
  claimRatio: z.number().nullable(),
  /** Relative standard deviation between discharges. */
  spread: z.number().nullable(),
  /** Discharges that count. */
  measured: z.number(),
  discharges: z.array(upsDischargeSchema),
  battery: upsBatterySchema.nullable(),
  replacement: batteryReplacementSchema.nullable(),
  /** Mean over the last 90 days, °C. */
  batteryCelsius: z.number().nullable(),
})
export type UpsTruth = z.output<typeof upsTruthSchema>

const gapInput = z.object({ gapId: id })

/** How rooms warm without cooling, and how long their UPSes carry them. */
export const thermal = {
  running: route
    .route({ method: 'GET', path: '/thermal/running', tags: ['thermal'], summary: 'Rooms in which cooling or mains are lost now' })
    .meta({ permission: 'readings.read' })
    .output(z.array(thermalRunningSchema)),
  room: route
    .route({ method: 'GET', path: '/rooms/{roomId}/thermal', tags: ['thermal'], summary: 'How a room warms without cooling' })
    .meta({ permission: 'readings.read' })
    .input(z.object({ roomId: id }))
    .output(roomThermalSchema),
  gaps: route
    .route({ method: 'GET', path: '/rooms/{roomId}/cooling-gaps', tags: ['thermal'], summary: 'Times without cooling, newest first' })
    .meta({ permission: 'readings.read' })
    .input(z.object({ roomId: id }))
    .output(z.array(coolingGapSchema)),
  leaveOut: route
    .route({
      method: 'POST',
      path: '/cooling-gaps/{gapId}/exclusion',
      tags: ['thermal'],
      summary: 'Learn nothing from a gap (a door stood open, a portable unit ran), with a reason',
    })
    .meta({ permission: 'rooms.write' })
    .input(gapInput.extend({ reason: longText.min(1) }))
    .output(coolingGapSchema),
  putBack: route
    .route({ method: 'DELETE', path: '/cooling-gaps/{gapId}/exclusion', tags: ['thermal'], summary: 'Learn from a gap again' })
    .meta({ permission: 'rooms.write' })
    .input(gapInput)
    .output(coolingGapSchema),
  upsTruth: route
    .route({
      method: 'GET',
      path: '/rooms/{roomId}/ups-truth',
      tags: ['thermal'],
      summary: 'What the UPSes of a room promise, what they were measured to do, and when their batteries are due',
    })
    .meta({ permission: 'readings.read' })
    .input(z.object({ roomId: id }))
    .output(z.array(upsTruthSchema)),
  putBattery: route
    .route({
      method: 'PUT',
      path: '/devices/{deviceId}/battery',
      tags: ['thermal'],
      summary: 'When the battery of a UPS was installed, and its runtime by its data sheet',
    })
    .meta({ permission: 'maintenance.write' })
    .input(batteryBody.extend({ deviceId: id, revision: z.number().int() }))
    .output(upsBatterySchema),
}
