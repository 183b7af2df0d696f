import { z } from 'zod'
import { type ProfileSet, standardProfiles, withOwnProfiles } from '../../profiles/profile-files.ts'
import { DriverError } from '../driver.ts'
import { isBitTable, profilePoint, registerKeys } from './register-map.ts'
import { MAX_REGISTERS } from './requests.ts'
import { serialKeys } from './serial-settings.ts'

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
const regularExpression = z.string().refine((text) => {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}, 'a regular expression')

/** One thing the device shows when it is what the profile describes. */
const rule = z
  .strictObject({
    ...registerKeys,
    equals: z.array(z.number()).min(1).optional().describe('One of these raw values'),
    between: z.tuple([z.number(), z.number()]).optional().describe('A raw value from … to …'),
    ownUnitId: z.literal(true).optional().describe('It holds the number the unit is asked by'),
    text: regularExpression.optional().describe('ASCII text, two characters a register'),
    length: z.int().min(1).max(32).optional().describe('Registers of the text'),
  })
  .superRefine((checked, context) => {
    const said = [checked.equals, checked.between, checked.ownUnitId, checked.text].filter((one) => one !== undefined)
    if (said.length !== 1) context.addIssue({ code: 'custom', message: 'needs one of equals, between, ownUnitId and text' })
    if ((checked.text === undefined) !== (checked.length === undefined) || (checked.text !== undefined && isBitTable(checked.type)))
      context.addIssue({ code: 'custom', path: ['length'], message: 'belongs to text, and text to registers' })
  })
export type DetectionRule = z.infer<typeof rule>

const detect = z
  .strictObject({
    maker: regularExpression.optional().describe('Device identification (function 43/14): the maker'),
    product: regularExpression.optional().describe('Device identification (function 43/14): the product code'),
    registers: z.array(rule).default([]).describe('All of these must be true'),
    /** Modbus devices rarely say what they are; then the profile is chosen by a person. */
    byHand: bilingual.optional().describe('Why the device cannot be recognised'),
  })
  .refine(
    ({ maker, product, registers, byHand }) =>
      (byHand === undefined) === (maker !== undefined || product !== undefined || registers.length > 0),
    'says either how the device is recognised, or why it cannot be (byHand)',
  )

/** One file of agent/src/profiles/ for this driver. */
export const modbusProfile = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]+$/),
    protocol: z.literal('modbus'),
    title: bilingual,
    maker: z.string().optional(),
    model: z.string().optional(),
    source: z.string().describe('The document the profile is written from'),
    serial: z.strictObject(serialKeys).default({}).describe('How the line is set when the device leaves the factory'),
    unitId: z.int().min(1).max(247).optional().describe('The unit number it has when it leaves the factory'),
    detect,
    maxRegisters: z.int().min(1).max(MAX_REGISTERS).default(MAX_REGISTERS).describe('What the device gives in one answer'),
    maxGap: z.int().min(0).max(100).default(0).describe('Unasked addresses that may be read along'),
    pauseMs: z.int().min(0).max(10_000).default(0).describe('Silence it needs between two questions'),
    points: z.array(profilePoint).min(1),
  })
  .superRefine(({ points }, context) => {
    for (const [index, { key }] of points.entries()) {
      if (points.findIndex((other) => other.key === key) < index)
        context.addIssue({ code: 'custom', path: ['points', index, 'key'], message: `"${key}" is there twice` })
    }
  })
export type ModbusProfile = z.infer<typeof modbusProfile>

let standard: readonly ModbusProfile[] | undefined

/** The profiles that come with the agent, read once, after the user's own. */
export function loadProfiles(ownFolder?: string): ProfileSet<ModbusProfile> {
  standard ??= standardProfiles('modbus', modbusProfile)
  return withOwnProfiles('modbus', modbusProfile, standard, ownFolder)
}

/** The profile of that name. Throws a DriverError that says what is wrong with it, or which there are. */
export function profileOfName(name: string, ownFolder?: string): ModbusProfile {
  const { profiles, wrong } = loadProfiles(ownFolder)
  const fault = wrong.get(name)
  if (fault !== undefined) throw new DriverError('configuration', `profile: ${fault}`)
  const found = profiles.find((profile) => profile.name === name)
  if (found !== undefined) return found
  const folder = wrong.get('profilesDir')
  const names = profiles.map((profile) => profile.name).join(', ')
  throw new DriverError(
    'configuration',
    `profile: 没有 "${name}" · there is no "${name}"; 现有 · there are: ${names}${folder ? `; ${folder}` : ''}`,
  )
}
