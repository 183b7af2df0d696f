import type { BoxItem, FloorPlan, PlanItem } from '@roomkeeper/shared/model'
import { dragItems, resizeItem } from './plan-edit.ts'

/** A place on the plan, m. */
export interface PointOnPlan {
  x: number
  y: number
}

/** What the pointer is doing; `plan` is the plan as it was when it began. */
export type Drag =
  | { type: 'move'; anchor: PlanItem; ids: ReadonlySet<string>; from: PointOnPlan; plan: FloorPlan; hasMoved: boolean }
  | { type: 'resize'; item: BoxItem; plan: FloorPlan }
  | { type: 'picture'; from: PointOnPlan; plan: FloorPlan }
  | { type: 'frame'; from: PointOnPlan; to: PointOnPlan }

/** The plan while the pointer is at `to`. */
export function dragged(drag: Exclude<Drag, { type: 'frame' }>, to: PointOnPlan, step: number): FloorPlan {
  switch (drag.type) {
    case 'move': {
      const { anchor, from } = drag
      return dragItems(drag.plan, drag.ids, anchor.id, { x: anchor.x + to.x - from.x, y: anchor.y + to.y - from.y }, stepOf(anchor, step))
    }
    case 'resize':
      return resizeItem(drag.plan, drag.item.id, { width: to.x - drag.item.x, depth: to.y - drag.item.y }, stepOf(drag.item, step))
    case 'picture': {
      const { background } = drag.plan
      if (!background) return drag.plan
      const moved = { ...background, x: bounded(background.x + to.x - drag.from.x), y: bounded(background.y + to.y - drag.from.y) }
      return { ...drag.plan, background: moved }
    }
  }
}

/** What does not stand on tiles is placed finely whatever the grid: probes hang on doors of racks, walls are thinner than a tile. */
const FREE: readonly PlanItem['type'][] = ['probe', 'door', 'wall', 'column', 'text']
const FREE_STEP_M = 0.1

function stepOf(item: PlanItem, step: number): number {
  return FREE.includes(item.type) ? FREE_STEP_M : step
}

function bounded(metres: number): number {
  return Math.round(Math.min(100, Math.max(-100, metres)) * 1000) / 1000
}
