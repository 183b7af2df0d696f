import { type FloorPlan, LAYER_HEIGHTS_M, type PlanItem, RACK_SIZE, RACK_UNITS, TILE_M } from '@roomkeeper/shared/model'
import { freeId, snap } from './plan-edit.ts'

/** How large each thing is when it is new, m. */
const SIZES = {
  rack: RACK_SIZE,
  'air-conditioner': { width: 1.5 * TILE_M, depth: 1.5 * TILE_M },
  ups: { width: TILE_M, depth: 1.5 * TILE_M },
  device: { width: TILE_M, depth: TILE_M },
  door: { width: 1.5 * TILE_M, depth: 0.2 },
  wall: { width: 4 * TILE_M, depth: 0.2 },
  column: { width: TILE_M, depth: TILE_M },
} as const

/** A new thing, at a place or in the middle of the room. */
export function newItem(plan: FloorPlan, type: PlanItem['type'], words: string, at?: { x: number; y: number }): PlanItem {
  const id = freeId(plan, type)
  const size = type in SIZES ? SIZES[type as keyof typeof SIZES] : { width: 0, depth: 0 }
  const middle = at ?? { x: plan.width / 2, y: plan.depth / 2 }
  const place = {
    id,
    x: Math.max(0, snap(middle.x - size.width / 2, TILE_M / 2)),
    y: Math.max(0, snap(middle.y - size.depth / 2, TILE_M / 2)),
  }
  switch (type) {
    case 'probe':
      return { ...place, type, z: LAYER_HEIGHTS_M.middle, name: '', pointIds: [] }
    case 'text':
      return { ...place, type, text: words }
    case 'wall':
    case 'column':
      return { ...place, type, ...SIZES[type] }
    case 'door':
      return { ...place, type, ...SIZES.door, facing: 'up', name: '', pointId: null }
    case 'rack':
      return { ...place, type, ...SIZES.rack, facing: 'down', name: rackName(plan), deviceId: null, units: RACK_UNITS }
    default:
      return { ...place, type, ...SIZES[type], facing: 'down', name: '', deviceId: null }
  }
}

function rackName(plan: FloorPlan): string {
  const taken = new Set(plan.items.map((item) => (item.type === 'rack' ? item.name : '')))
  for (let number = 1; ; number++) {
    const name = `R${String(number).padStart(2, '0')}`
    if (!taken.has(name)) return name
  }
}
