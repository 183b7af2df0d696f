import { z } from 'zod'

// The plan of a room, seen from above: x to the right, y downwards, from the room's upper left corner. All lengths are metres.

/** A raised-floor tile: 600 mm is the module of access floors (EN 12825, GB/T 36340). */
export const TILE_M = 0.6
/** Without Ctrl or a tile in the way: the finest step that the editor offers. */
export const FINE_STEP_M = 0.1
/** 42 U of 44.45 mm (IEC 60297), the usual rack. */
export const RACK_UNITS = 42
/** A usual rack, 600 mm × 1,200 mm. */
export const RACK_SIZE = { width: TILE_M, depth: 2 * TILE_M }

/** What the four sides of a plan are called; the front of a rack draws cold air. */
export const FACINGS = ['up', 'right', 'down', 'left'] as const
export type Facing = (typeof FACINGS)[number]

/** Where a probe hangs, by height. Bounds lie between the heights 0.2, 1.1 and 2.0 m at which GB 50462 has a room accepted. */
export const LAYERS = ['bottom', 'middle', 'top'] as const
export type Layer = (typeof LAYERS)[number]
/** The height that each layer stands for, m (GB 50462). */
export const LAYER_HEIGHTS_M: Readonly<Record<Layer, number>> = { bottom: 0.2, middle: 1.1, top: 2 }

export function layerOf(heightM: number): Layer {
  if (heightM < (LAYER_HEIGHTS_M.bottom + LAYER_HEIGHTS_M.middle) / 2) return 'bottom'
  return heightM < (LAYER_HEIGHTS_M.middle + LAYER_HEIGHTS_M.top) / 2 ? 'middle' : 'top'
}

/** Kinds of points that a probe on the plan may show. */
export const PROBE_KINDS = ['temperature', 'humidity', 'dew-point'] as const
/** Kinds of points that say whether a door is open. */
export const DOOR_KINDS = ['door', 'contact'] as const

/** A plan that is larger is drawn as several rooms. */
export const PLAN_MAX_M = 100
export const PLAN_MIN_M = 1
export const PLAN_MAX_ITEMS = 500
/** How far a probe speaks for the air around it, where nobody set it: five tiles (a choice of this product). */
export const REACH_M = 3

const length = z.number().min(0).max(PLAN_MAX_M)
const size = z.number().min(0.05).max(PLAN_MAX_M)
const name = z.string().trim().max(60)
const rowId = z.number().int().positive()
const itemId = z.string().regex(/^[\w-]{1,40}$/, '编号须为 1 到 40 个字母、数字、- 或 _ / 1 to 40 letters, digits, - or _')

/** Upper left corner and extent of what an item covers, as it lies. */
const box = { id: itemId, x: length, y: length, width: size, depth: size }
const facing = z.enum(FACINGS)
const linkedDevice = { ...box, facing, name, deviceId: rowId.nullable() }

export const planItemSchema = z.discriminatedUnion('type', [
  /** `facing`: its front, towards the cold aisle. */
  z.strictObject({ type: z.literal('rack'), ...linkedDevice, units: z.number().int().min(1).max(60).default(RACK_UNITS) }),
  /** `facing`: where it blows. */
  z.strictObject({ type: z.literal('air-conditioner'), ...linkedDevice }),
  z.strictObject({ type: z.literal('ups'), ...linkedDevice }),
  /** Anything else that is a device: contact modules, meters, batteries. */
  z.strictObject({ type: z.literal('device'), ...linkedDevice }),
  /** `facing`: where it opens to. `pointId`: the contact that says that it is open. */
  z.strictObject({ type: z.literal('door'), ...box, facing, name, pointId: rowId.nullable() }),
  /** Hangs at a place; temperature, humidity and dew point of one sensor are one probe. `z`: height above the floor. */
  z.strictObject({
    type: z.literal('probe'),
    id: itemId,
    x: length,
    y: length,
    z: z.number().min(0).max(10),
    name,
    pointIds: z.array(rowId).max(4),
  }),
  z.strictObject({ type: z.literal('wall'), ...box }),
  z.strictObject({ type: z.literal('column'), ...box }),
  z.strictObject({ type: z.literal('text'), id: itemId, x: length, y: length, text: z.string().trim().min(1).max(100) }),
])
export type PlanItem = z.output<typeof planItemSchema>
export type PlanItemType = PlanItem['type']
export type BoxItem = Extract<PlanItem, { width: number }>
export type ProbeItem = Extract<PlanItem, { type: 'probe' }>

export const floorPlanSchema = z
  .strictObject({
    width: z.number().min(PLAN_MIN_M).max(PLAN_MAX_M),
    depth: z.number().min(PLAN_MIN_M).max(PLAN_MAX_M),
    /** How far from a probe the heat map is drawn. */
    reach: z.number().min(0.5).max(20).default(REACH_M),
    /** A picture under the plan: its upper left corner, its width in metres (its height follows), and how strongly it is drawn. */
    background: z
      .strictObject({
        pictureId: rowId,
        x: z.number().min(-PLAN_MAX_M).max(PLAN_MAX_M),
        y: z.number().min(-PLAN_MAX_M).max(PLAN_MAX_M),
        width: z
          .number()
          .min(0.1)
          .max(10 * PLAN_MAX_M),
        opacity: z.number().min(0.05).max(1),
      })
      .nullable()
      .default(null),
    items: z.array(planItemSchema).max(PLAN_MAX_ITEMS),
  })
  .superRefine((plan, context) => {
    const problem = (index: number, message: string) => context.addIssue({ code: 'custom', path: ['items', index], message })
    const ids = new Set<string>()
    const placed = new Map<number, number>()
    for (const [index, item] of plan.items.entries()) {
      if (ids.has(item.id)) problem(index, `编号 ${item.id} 重复 / the id ${item.id} is used twice`)
      ids.add(item.id)
      if (!isInside(plan, item)) {
        const room = `${plan.width} × ${plan.depth} m`
        problem(index, `第 ${index + 1} 项超出机房（${room}） / item ${index + 1} lies outside of the room (${room})`)
      }
      for (const pointId of item.type === 'probe' ? item.pointIds : []) {
        const other = placed.get(pointId)
        if (other !== undefined) problem(index, `测点 ${pointId} 已在第 ${other + 1} 项 / point ${pointId} is in item ${other + 1} already`)
        placed.set(pointId, index)
      }
    }
  })
export type FloorPlan = z.output<typeof floorPlanSchema>

/** Rounding of a hundredth of a millimetre must not push an item out of the room. */
const SLACK_M = 1e-5

function isInside(plan: { width: number; depth: number }, item: PlanItem): boolean {
  const { width, depth } = extentOf(item)
  return item.x + width <= plan.width + SLACK_M && item.y + depth <= plan.depth + SLACK_M
}

/** What an item covers; probes and words cover nothing. */
export function extentOf(item: PlanItem): { width: number; depth: number } {
  return 'width' in item ? { width: item.width, depth: item.depth } : { width: 0, depth: 0 }
}

/** The devices and points that a plan names. */
export function linksOf(plan: Pick<FloorPlan, 'items'>): { deviceIds: Set<number>; pointIds: Set<number> } {
  const deviceIds = new Set<number>()
  const pointIds = new Set<number>()
  for (const item of plan.items) {
    if ('deviceId' in item && item.deviceId !== null) deviceIds.add(item.deviceId)
    if (item.type === 'door' && item.pointId !== null) pointIds.add(item.pointId)
    if (item.type === 'probe') for (const id of item.pointIds) pointIds.add(id)
  }
  return { deviceIds, pointIds }
}
