import { POINT_KIND_NAMES, pointKindInfo } from '@roomkeeper/shared/model'
import { UNITS, type Unit } from '@roomkeeper/shared/units'
import { z } from 'zod'
import type { PointDescription, RawReading } from './driver.ts'
import { parseJsonPath, valueAt } from './json-path.ts'
import { namedContactReading, numberReading, readingOfKind } from './reported-value.ts'

const UNIT_CODES = Object.keys(UNITS) as [Unit, ...Unit[]]
const scalar = z.union([z.string(), z.number(), z.boolean()])

/** The keys of a point that is one value of a JSON text or a message. */
export const jsonPointShape = {
  key: z
    .string()
    .regex(/^[^\s/+#]+$/, '不能有空格和 / + # · no spaces and none of / + #')
    .describe('测点键，写入历史，勿改 · Key of the point, unique on the device; part of the history'),
  kind: z.enum(POINT_KIND_NAMES).describe('测点类型 · What it measures'),
  unit: z.enum(UNIT_CODES).optional().describe('单位（UCUM），默认随类型 · UCUM unit; the kind’s own by default'),
  name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).optional(),
  scale: z.number().default(1).describe('值 = 原始值 × scale + offset · value = raw × scale + offset'),
  offset: z.number().default(0),
  sentinels: z.array(z.number()).default([]).describe('表示“无读数”的原始值 · Raw values that mean "no reading"'),
  badWhen: z.array(scalar).min(1).optional().describe('干接点：异常状态的值 · Contacts: what is sent in the bad state'),
  wellWhen: z.array(scalar).min(1).optional().describe('干接点：正常状态的值 · Contacts: what is sent when all is well'),
}
export const jsonPath = z
  .string()
  .describe("JSON 路径，如 a.b[0]['c'] · Path into the JSON, such as a.b[0]['c']")
  .superRefine((text, context) => {
    try {
      parseJsonPath(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: `路径有误 · ${(error as Error).message}` })
    }
  })

const pointShape = z.object(jsonPointShape)
export type ScalarPoint = z.infer<typeof pointShape>

/** Checks what no single key shows: that a number is no contact, and that no key is there twice. */
export function checkPoints(
  points: readonly ScalarPoint[],
  wrong: (path: (string | number)[], message: string) => void,
  base: readonly (string | number)[] = ['points'],
): void {
  for (const [index, point] of points.entries()) {
    const isContact = pointKindInfo(point.kind).valueType === 'boolean'
    if (points.findIndex(({ key }) => key === point.key) < index) wrong([...base, index, 'key'], `重复 · "${point.key}" is there twice`)
    for (const key of ['badWhen', 'wellWhen'] as const) {
      const other = key === 'badWhen' ? 'wellWhen' : 'badWhen'
      if (point[key] !== undefined && !isContact) wrong([...base, index, key], `不是干接点 · "${point.kind}" is no contact`)
      // With one of them alone, "unavailable" would count as the other state.
      if (point[key] === undefined && point[other] !== undefined)
        wrong([...base, index, key], `需与 ${other} 一起写 · write it together with ${other}`)
    }
  }
}

export function describePoint(point: ScalarPoint, reportsWithinMs?: number): PointDescription {
  return {
    key: point.key,
    kind: point.kind,
    unit: point.unit ?? pointKindInfo(point.kind).unit,
    ...(point.sentinels.length > 0 && { sentinels: point.sentinels.map((raw) => scaled(point, raw)) }),
    ...(point.name && { name: point.name }),
    ...(reportsWithinMs !== undefined && { reportsWithinMs }),
  }
}

/** The reading of a raw value. */
export function readPoint(point: ScalarPoint, raw: unknown): RawReading {
  const { key, badWhen, wellWhen } = point
  if (badWhen !== undefined && wellWhen !== undefined) return namedContactReading(key, raw, badWhen, wellWhen)
  return pointKindInfo(point.kind).valueType === 'number' ? numberReading(key, raw, point) : readingOfKind(point.kind, key, raw)
}

/** The reading of what is at a path; a missing path is a sensor error. */
export function readPointAt(point: ScalarPoint & { path: string }, json: unknown): RawReading {
  return readPoint(point, valueAt(json, parseJsonPath(point.path)))
}

function scaled(point: ScalarPoint, raw: number): number {
  const { value } = numberReading(point.key, raw, point)
  return typeof value === 'number' ? value : raw
}
