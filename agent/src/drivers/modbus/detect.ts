import { DriverError } from '../driver.ts'
import type { ModbusClient } from './client.ts'
import { ModbusException, textOf } from './pdu.ts'
import type { DetectionRule, ModbusProfile } from './profile.ts'
import { widthOf } from './register-map.ts'
import { rawValue } from './values.ts'

/** What a unit said of itself by function 43/14. */
export interface Identification {
  maker?: string
  product?: string
  revision?: string
}

/** Is there a unit? Any answer counts, also a refusal. Reads one register; `thoroughly` another one by another function when the first is silent. */
export async function isThere(client: ModbusClient, thoroughly: boolean): Promise<boolean> {
  for (const table of thoroughly ? (['holding', 'input', 'coil'] as const) : (['holding'] as const)) {
    try {
      await client.read(table, 0, 1)
      return true
    } catch (error) {
      if (error instanceof ModbusException) return error.code !== 10 && error.code !== 11
      if (!(error instanceof DriverError) || error.kind !== 'unreachable') throw error
    }
  }
  return false
}

/** Few devices know the function; silence is a "no" too. */
export async function identify(client: ModbusClient): Promise<Identification> {
  const texts = await orNothing(client.identify())
  const [maker, product, revision] = [0, 1, 2].map((object) => texts?.get(object) || undefined)
  return { maker, product, revision }
}

/** The profiles whose every rule holds, the one with most rules first. Reads only the registers that rules name, each once. */
export async function fittingProfiles(
  client: ModbusClient,
  unitId: number,
  said: Identification,
  profiles: readonly ModbusProfile[],
): Promise<ModbusProfile[]> {
  const known = new Map<string, Buffer | undefined>()
  const read = async ({ type, register, ...rule }: DetectionRule): Promise<Buffer | undefined> => {
    const count = rule.length ?? widthOf({ type, ...rule })
    const key = `${type} ${register} ${count}`
    if (!known.has(key)) known.set(key, await orNothing(client.read(type, register, count)))
    return known.get(key)
  }
  const fitting: ModbusProfile[] = []
  for (const profile of profiles) {
    const { maker, product, registers, byHand } = profile.detect
    if (byHand !== undefined || !matches(maker, said.maker) || !matches(product, said.product)) continue
    let fits = true
    for (const rule of registers) {
      const data: Buffer | undefined = fits ? await read(rule) : undefined
      fits &&= data !== undefined && holds(rule, data, unitId)
    }
    if (fits) fitting.push(profile)
  }
  return fitting.sort((a, b) => b.detect.registers.length - a.detect.registers.length)
}

function matches(pattern: string | undefined, text: string | undefined): boolean {
  return pattern === undefined || (text !== undefined && new RegExp(pattern).test(text))
}

function holds(rule: DetectionRule, data: Buffer, unitId: number): boolean {
  if (rule.text !== undefined) return new RegExp(rule.text).test(textOf(data))
  const raw = rawValue(rule, data, 0)
  if (rule.ownUnitId) return raw === unitId
  if (rule.equals) return rule.equals.includes(raw)
  const [low, high] = rule.between ?? [0, -1]
  return raw >= low && raw <= high
}

/** A register or function the device does not have, or does not answer to. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ModbusException || error instanceof DriverError) return undefined
    throw error
  }
}
