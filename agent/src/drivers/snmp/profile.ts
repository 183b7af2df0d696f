import { POINT_KIND_NAMES, type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import { UNITS, type Unit } from '@roomkeeper/shared/units'
import { z } from 'zod'
import { type ProfileSet, standardProfiles, withOwnProfiles } from '../../profiles/profile-files.ts'

const UNIT_CODES = Object.keys(UNITS) as [Unit, ...Unit[]]
const oid = z.string().regex(/^\d+(\.\d+)+$/, 'an OID in numbers, without a leading dot')
const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

/** A value as profiles write it; compared as text, for some devices send numbers as texts. */
const value = z.union([z.number(), z.string()]).transform(String)
const regularExpression = z.string().refine((text) => {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}, 'a regular expression')

const contact = z.strictObject({
  bad: z.array(value).min(1).describe('Values of the bad state'),
  good: z.array(value).min(1).describe('Values of the good state; any other is a sensor error'),
})

/** The device itself says what it measures or in which unit. Looked at with every reading, as people change it on the device's page. */
const variants = z
  .strictObject({
    oid: oid.optional().describe('One object for the whole device'),
    column: oid.optional().describe('A column of the same table'),
    of: z.record(
      z.string(),
      z.strictObject({
        kind: z.enum(POINT_KIND_NAMES).optional(),
        unit: z.enum(UNIT_CODES).optional(),
        scale: z.number().optional(),
        range: z.tuple([z.number(), z.number()]).optional().describe('Instead of that of the measure'),
        convert: z.enum(['fahrenheit', 'kelvin']).optional().describe('The scaled value is in this unit and becomes degrees Celsius'),
      }),
    ),
  })
  .refine(({ oid, column }) => (oid === undefined) !== (column === undefined), 'needs either oid or column')

/**
 * Makers differ in the unit they send in one and the same object: volts or tenths, watts or kilowatts. Decided once, when the device is
 * described, and for all rows alike, so that no single spike later changes the scale.
 */
const guess = z
  .strictObject({
    factors: z.array(z.number().positive()).min(2).describe('value = raw × scale × one of these; the first one where nothing tells'),
    between: z.tuple([z.number(), z.number()]).optional().describe('The scaled value must lie here; 0 tells nothing'),
    product: z.array(z.string()).min(2).optional().describe('Keys whose product it must come near to: volts and amperes of a power'),
  })
  .refine(({ between, product }) => (between === undefined) !== (product === undefined), 'needs either between or product')

const measure = {
  kind: z.enum(POINT_KIND_NAMES).describe('What it measures'),
  unit: z.enum(UNIT_CODES).optional().describe('UCUM unit after scaling; the kind’s own by default'),
  scale: z.number().default(1).describe('value = raw × scale'),
  sentinels: z.array(z.number()).default([]).describe('Raw values that mean "no reading"'),
  range: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('Outside of this the scaled value cannot be true; the kind’s own by default'),
  tokens: z.record(z.string(), z.string()).optional().describe('Enumeration → text, for kinds that are texts'),
  guess: guess.optional(),
  presentIf: z
    .array(oid)
    .default([])
    .describe('Objects, in a table columns: without a number other than 0 in one of them the point is left out; a first row never is'),
  contact: contact.optional(),
  variants: variants.optional(),
  name: bilingual,
}

/** Enumerations belong to texts, good and bad states to contacts, and only to them. */
function fitsKind({ kind, tokens, contact }: { kind: PointKind; tokens?: unknown; contact?: unknown }): boolean {
  const { valueType } = pointKindInfo(kind)
  return (valueType === 'text') === (tokens !== undefined) && (valueType === 'boolean') === (contact !== undefined)
}
const FITS_KIND = 'tokens belong to texts, contact to contacts, and only to them'

/** One value of the device. */
const point = z.strictObject({ key: z.string().regex(/^[a-z0-9.-]+$/), oid, ...measure }).refine(fitsKind, FITS_KIND)

/** What a column says of its row; a row without a value there is taken for good. */
const rowStatus = z.strictObject({
  column: oid,
  ok: z.array(value).optional().describe('Any other value makes the reading bad'),
  bad: z.array(value).default([]).describe('These values make the reading bad'),
  absent: z.array(value).default([]).describe('These values make the reading bad, and no point at all while the device is described'),
})

/** One value for each row of a table: `{row}` in key and name is the row's index. */
const table = z
  .strictObject({
    key: z.string().regex(/^[a-z0-9.-]*\{row\}[a-z0-9.-]*$/, 'needs {row}'),
    column: oid,
    rows: regularExpression.optional().describe('Only these row indexes; its first group is then {row}'),
    nameColumn: oid.optional().describe('A column with each row’s name, instead of {row} in the names'),
    status: z.array(rowStatus).default([]),
    named: regularExpression.optional().describe('Only rows whose nameColumn matches, in capitals or not'),
    decimalsColumn: oid.optional().describe('A column that says how many of the value’s digits are decimals'),
    divisorColumn: oid.optional().describe('A column with what the value is to be divided by; 0 stands for 1'),
    scaleColumn: oid.optional().describe('A column with the row’s scale: −10 divides by ten, 10 multiplies by it, 0 stands for 1'),
    ...measure,
  })
  .refine(fitsKind, FITS_KIND)

/** A set of tokens (see UPS_STATUS_TOKENS) put together from several values. */
const status = z.strictObject({
  key: z.string(),
  name: bilingual,
  sources: z
    .array(
      z
        .strictObject({
          oid: oid.optional(),
          column: oid.optional().describe('Instead of one object a column: all its rows count'),
          tokens: z.record(z.string(), z.string()).default({}),
          flags: z
            .record(z.string(), z.string())
            .default({})
            .describe('The object is a text of zeros and ones: number of the flag, from 1, and its token'),
          lost: z.array(value).default([]).describe('Values that mean the others are old: the device counts as unreachable'),
        })
        .refine(({ oid, column }) => (oid === undefined) !== (column === undefined), 'needs either oid or column'),
    )
    .min(1),
  alarms: z
    .strictObject({
      count: oid.describe('How many alarms there are; the table is read only when it is not 0'),
      descriptions: oid.describe('The column that holds each alarm’s OID'),
      any: z.string().describe('Token when there is any alarm'),
      tokens: z.record(oid, z.string()),
      otherwise: z.record(oid, z.string()).default({}).describe('Only where the sources say nothing of the power: neither OL, OB nor OFF'),
      lost: z.array(oid).default([]).describe('Alarms that mean the values are old: the device counts as unreachable'),
    })
    .optional(),
})

/** A table whose rows say themselves what they are, as ENTITY-SENSOR-MIB has it. */
const sensorTable = z.strictObject({
  entry: oid,
  key: z.string().includes('{row}'),
  names: z.array(oid),
  roomNames: z.string().describe('Regular expression: temperatures so named are of the room, the others of boards'),
})

/** One file of agent/src/profiles/ for this driver. */
export const snmpProfile = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  protocol: z.literal('snmp'),
  title: bilingual,
  source: z.string().describe('The document the profile is written from'),
  detect: z.strictObject({
    sysObjectIds: z.array(oid).default([]).describe('sysObjectID is one of these or below one'),
    probes: z.array(oid).default([]).describe('One of these has a value'),
    tables: z.array(oid).default([]).describe('One of these has a row'),
    within: z.array(oid).default([]).describe('Probes and tables are asked for only where sysObjectID is one of these or below one'),
  }),
  insteadOf: z.array(z.string()).default([]).describe('Profiles that know less of the same things: left out where this one fits'),
  completedBy: z
    .array(z.string())
    .default([])
    .describe('Profiles that know less of the same things: they only add what this one has not found'),
  vendor: z.string().optional().describe('The maker, where no object of the device says it'),
  identity: z.strictObject({ maker: oid.optional(), model: oid.optional() }).optional(),
  points: z.array(point).default([]),
  tables: z.array(table).default([]),
  status: status.optional(),
  sensorTable: sensorTable.optional(),
})
export type Profile = z.infer<typeof snmpProfile>
export type ProfileStatus = z.infer<typeof status>
export type ProfileSensorTable = z.infer<typeof sensorTable>
export type ProfileTable = Profile['tables'][number]
export type RowStatus = ProfileTable['status'][number]
export type Measure = Pick<
  Profile['points'][number],
  'kind' | 'unit' | 'scale' | 'sentinels' | 'range' | 'tokens' | 'guess' | 'presentIf' | 'contact' | 'variants'
>

let standard: readonly Profile[] | undefined

/** The profiles that come with the agent, read once, after the user's own. */
export function loadProfiles(ownFolder?: string): ProfileSet<Profile> {
  standard ??= standardProfiles('snmp', snmpProfile)
  return withOwnProfiles('snmp', snmpProfile, standard, ownFolder)
}
