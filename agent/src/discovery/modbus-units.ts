import { type DriverContext, DriverError } from '../drivers/driver.ts'
import { ModbusClient } from '../drivers/modbus/client.ts'
import { fittingProfiles, type Identification, identify, isThere } from '../drivers/modbus/detect.ts'
import { type PlaceOptions, placeOf } from '../drivers/modbus/place.ts'
import { loadProfiles, type ModbusProfile } from '../drivers/modbus/profile.ts'
import type { DeviceKeys, Exploration } from './scheme.ts'
import { WrongInput } from './wrong-input.ts'

/** A unit answers within a few ms, or not at all; whoever looks for 247 of them need not wait for each as long as for one. */
const SCAN_TIMEOUT_MS = 250
/** Between two lines of progress. */
const UNITS_A_LINE = 32

export const MAP_NEEDED =
  '没有可自动识别的 profile，其余寄存器不盲目试探：用 ?profile=<名称> 指定，或用 --map <文件> 给出寄存器表 · no profile recognises this device, and no other register is tried blindly: name one by ?profile=<name>, or give the register map by --map <file>（docs/recipes/add-a-device-profile.md）'

/** The units to look at: the one the URL names, or a range. */
export interface UnitRange {
  first: number
  last: number
}

interface FoundUnit {
  unitId: number
  said: Identification
  profiles: readonly ModbusProfile[]
}

/** Lists the units that answer, what they say of themselves, and the profile that fits. Only reads. Throws a DriverError when none answers. */
export async function exploreUnits(
  keys: DeviceKeys,
  units: UnitRange,
  context: DriverContext,
  progress: (line: string) => void,
): Promise<Exploration> {
  const name = String(keys.path ?? keys.host)
  if (keys.points !== undefined || keys.profile !== undefined)
    return { facts: [], devices: [{ id: idOf(name, Number(keys.unitId ?? 1)), keys }] }
  const found = await findUnits(keys, units, context, progress)
  if (found.length === 0) {
    const which = units.first === units.last ? `unit ${units.first}` : `units ${units.first}–${units.last}`
    throw new DriverError('unreachable', `${name}: 从站无应答 · no answer of ${which}`)
  }
  const facts = found.flatMap(({ unitId, said, profiles }) => {
    const text = [said.maker, said.product, said.revision].filter(Boolean).join(' ')
    return [
      `从站 ${unitId} 有应答 · unit ${unitId} answers${text === '' ? '' : `: ${text}`}`,
      ...profiles.map((profile) => `从站 · unit ${unitId}: profile ${profile.name}（${profile.title.zh} · ${profile.title.en}）`),
    ]
  })
  const devices = found.flatMap(({ unitId, profiles: [best] }) =>
    best === undefined ? [] : [{ id: idOf(name, unitId), keys: { ...keys, unitId, profile: best.name } }],
  )
  return { facts, devices, ...(devices.length < found.length && { missing: MAP_NEEDED }) }
}

/** The keys with the profile that fits. Throws a WrongInput when none does, a DriverError when the unit does not answer. */
export async function withProfile(keys: DeviceKeys, context: DriverContext): Promise<DeviceKeys> {
  if (keys.points !== undefined || keys.profile !== undefined) return keys
  const unitId = Number(keys.unitId ?? 1)
  const [found] = await findUnits(keys, { first: unitId, last: unitId }, context, () => {})
  if (found === undefined) throw new DriverError('unreachable', `${keys.path ?? keys.host}: 从站无应答 · no answer of unit ${unitId}`)
  const [best] = found.profiles
  if (best === undefined) throw new WrongInput(MAP_NEEDED)
  return { ...keys, profile: best.name }
}

async function findUnits(
  keys: DeviceKeys,
  { first, last }: UnitRange,
  { timeoutMs, profilesDir }: DriverContext,
  progress: (line: string) => void,
): Promise<FoundUnit[]> {
  const place = placeOf({ transport: 'tcp', port: 502, ...keys } as PlaceOptions)
  const { profiles } = loadProfiles(profilesDir)
  const isOne = first === last
  const waitMs = isOne ? timeoutMs : Math.min(timeoutMs, SCAN_TIMEOUT_MS)
  const found: FoundUnit[] = []
  // One client stays open all the while, and with it the line.
  const keeper = new ModbusClient(place, { unitId: first, timeoutMs: waitMs, pauseMs: 0 })
  try {
    for (let unitId = first; unitId <= last; unitId++) {
      if (!isOne && (unitId - first) % UNITS_A_LINE === 0)
        progress(`从站 · units ${unitId}–${Math.min(last, unitId + UNITS_A_LINE - 1)} …（至 · of ${last}）`)
      const client = new ModbusClient(place, { unitId, timeoutMs: waitMs, pauseMs: 0 })
      try {
        if (!(await isThere(client, isOne))) continue
        if (!isOne) progress(`从站 ${unitId} 有应答 · unit ${unitId} answers`)
        const said = await identify(client)
        found.push({ unitId, said, profiles: await fittingProfiles(client, unitId, said, profiles) })
      } catch (error) {
        // Bytes that are no answer: two units with one number, or a line set otherwise. The others may be well.
        if (isOne || !(error instanceof DriverError) || error.kind !== 'garbage') throw error
        progress(`从站 · unit ${unitId}: ${error.message}`)
      } finally {
        await client.close()
      }
    }
  } finally {
    await keeper.close()
  }
  return found
}

function idOf(name: string, unitId: number): string {
  return `modbus-${name.replace(/^\/dev\//, '')}-${unitId}`
}
