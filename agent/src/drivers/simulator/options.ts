import { z } from 'zod'
import { scheduledScenarioSchema } from './scenarios.ts'

export const ROLES = ['environment', 'ups', 'cooling', 'contacts', 'racks', 'rack-inlets'] as const
export type SimulatedRole = (typeof ROLES)[number]

/** What describes the room, not the device. Any one device of a room may say it; what two devices say must agree. */
export const roomShape = {
  seed: z.number().int().optional().describe('Seed of all noise; the same seed and clock give the same readings. Default 1.'),
  speed: z.number().positive().max(3600).optional().describe('Model seconds per real second; 60 lets an hour pass in a minute. Default 1.'),
  rackCount: z.number().int().min(1).max(100).optional().describe('Racks in the room. Default 4.'),
  rackWatts: z.number().min(0).max(50_000).optional().describe('Electrical power of one rack in W, all of it heat. Default 5000.'),
  roomCubicMetres: z.number().min(10).max(10_000).optional().describe('Air in the room in m³. Default 90 (30 m² of 3 m).'),
  setpointCelsius: z.number().min(10).max(35).optional().describe('What the air conditioner holds the cold aisle at, °C. Default 22.'),
  upsRatedWatts: z.number().positive().optional().describe('Rated power of the UPS in W. Default twice the racks.'),
  upsFullLoadMinutes: z.number().positive().optional().describe('Battery runtime at rated power, minutes. Default 8.'),
  scenarios: z.array(scheduledScenarioSchema).max(50).optional().describe('What goes wrong, and when, in model seconds after opening.'),
  controlFile: z
    .string()
    .min(1)
    .optional()
    .describe('A JSON file looked at while running, such as {"cooling-fails": true}; false prevents what the schedule asks for.'),
}
const roomSettingsSchema = z.object(roomShape)
export type RoomSettings = z.output<typeof roomSettingsSchema>
export const ROOM_KEYS = Object.keys(roomShape) as (keyof RoomSettings)[]

export const simulatorOptionsSchema = z.strictObject({
  role: z.enum(ROLES).describe('Which device of the room this is: environment, ups, cooling, contacts, racks or rack-inlets.'),
  simulatedRoom: z.string().min(1).max(64).default('room').describe('Name of the simulated room; devices that name the same one share it.'),
  probes: z
    .array(z.enum(['cold-aisle', 'hot-aisle', 'room']))
    .min(1)
    .refine((probes) => new Set(probes).size === probes.length, 'each probe at most once')
    .default(['cold-aisle', 'hot-aisle', 'room'])
    .describe('role environment: temperature and humidity probes.'),
  ...roomShape,
})
export type SimulatorOptions = z.output<typeof simulatorOptionsSchema>

/** A room with every default filled in. */
export interface RoomParameters {
  seed: number
  speed: number
  rackCount: number
  rackWatts: number
  roomCubicMetres: number
  setpointCelsius: number
  upsRatedWatts: number
  upsFullLoadMinutes: number
  scenarios: NonNullable<RoomSettings['scenarios']>
}

export function roomParameters(settings: RoomSettings): RoomParameters {
  const rackCount = settings.rackCount ?? 4
  const rackWatts = settings.rackWatts ?? 5000
  return {
    seed: settings.seed ?? 1,
    speed: settings.speed ?? 1,
    rackCount,
    rackWatts,
    roomCubicMetres: settings.roomCubicMetres ?? 90,
    setpointCelsius: settings.setpointCelsius ?? 22,
    upsRatedWatts: settings.upsRatedWatts ?? Math.max(1000, 2 * rackCount * rackWatts),
    upsFullLoadMinutes: settings.upsFullLoadMinutes ?? 8,
    scenarios: settings.scenarios ?? [],
  }
}
