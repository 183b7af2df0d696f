import { readdirSync, readFileSync } from 'node:fs'
import { POINT_KIND_NAMES, pointKindInfo } from '@roomkeeper/shared/model'
import { UNITS, type Unit } from '@roomkeeper/shared/units'
import { parse } from 'yaml'
import { z } from 'zod'

const UNIT_CODES = Object.keys(UNITS) as [Unit, ...Unit[]]
const oid = z.string().regex(/^\d+(\.\d+)+$/, 'an OID in numbers, without a leading dot')
const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

const measure = {
  kind: z.enum(POINT_KIND_NAMES).describe('What it measures'),
  unit: z.enum(UNIT_CODES).optional().describe('UCUM unit after scaling; the kind’s own by default'),
  scale: z.number().default(1).describe('value = raw × scale'),
  sentinels: z.array(z.number()).default([]).describe('Raw values that mean "no reading"'),
  tokens: z.record(z.string(), z.string()).optional().describe('Enumeration → text, for kinds that are texts'),
  tenthsAbove: z
    .number()
    .optional()
    .describe('When the device shows a raw value above this while it is described, all its points with this key are tenths'),
  name: bilingual,
}

/** One value of the device. */
const point = z
  .strictObject({ key: z.string().regex(/^[a-z0-9.-]+$/), oid, ...measure })
  .refine(
    ({ kind, tokens }) => (pointKindInfo(kind).valueType === 'text') === (tokens !== undefined),
    'tokens belong to texts, and only to texts',
  )

/** One value for each row of a table: `{row}` in key and name is the row's index. */
const table = z.strictObject({
  key: z.string().regex(/^[a-z0-9.-]*\{row\}[a-z0-9.-]*$/, 'needs {row}'),
  column: oid,
  nameColumn: oid.optional().describe('A column with each row’s name, instead of {row} in the names'),
  ...measure,
})

/** A set of tokens (see UPS_STATUS_TOKENS) put together from several values. */
const status = z.strictObject({
  key: z.string(),
  name: bilingual,
  sources: z.array(z.strictObject({ oid, tokens: z.record(z.string(), z.string()) })).min(1),
  alarms: z
    .strictObject({
      count: oid.describe('How many alarms there are; the table is read only when it is not 0'),
      descriptions: oid.describe('The column that holds each alarm’s OID'),
      any: z.string().describe('Token when there is any alarm'),
      tokens: z.record(oid, z.string()),
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

const profile = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: bilingual,
  source: z.string().describe('The document the profile is written from'),
  detect: z.strictObject({
    sysObjectIds: z.array(oid).default([]).describe('sysObjectID is one of these or below one'),
    probes: z.array(oid).default([]).describe('One of these has a value'),
    tables: z.array(oid).default([]).describe('One of these has a row'),
  }),
  identity: z.strictObject({ maker: oid.optional(), model: oid.optional() }).optional(),
  points: z.array(point).default([]),
  tables: z.array(table).default([]),
  status: status.optional(),
  sensorTable: sensorTable.optional(),
})
export type Profile = z.infer<typeof profile>
export type ProfileStatus = z.infer<typeof status>
export type ProfileSensorTable = z.infer<typeof sensorTable>
export type Measure = Pick<Profile['points'][number], 'kind' | 'unit' | 'scale' | 'sentinels' | 'tokens' | 'tenthsAbove'>

const PROFILES_DIR = new URL('../../profiles/', import.meta.url)

/** Reads and checks one profile; the error names the file and the key. */
export function parseProfile(text: string, fileName: string): Profile {
  const parsed = profile.safeParse(parse(text))
  if (!parsed.success) throw new Error(`${fileName}: ${z.prettifyError(parsed.error)}`)
  if (`${parsed.data.name}.yaml` !== fileName) throw new Error(`${fileName}: name must be that of the file, not ${parsed.data.name}`)
  return parsed.data
}

let loaded: readonly Profile[] | undefined

/** All profiles that come with the agent, read once. */
export function loadProfiles(): readonly Profile[] {
  loaded ??= readdirSync(PROFILES_DIR)
    .filter((fileName) => fileName.endsWith('.yaml'))
    .sort()
    .map((fileName) => parseProfile(readFileSync(new URL(fileName, PROFILES_DIR), 'utf8'), fileName))
  return loaded
}
