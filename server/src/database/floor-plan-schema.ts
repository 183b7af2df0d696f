import type { Generated } from 'kysely'

/** Tables of floor plans (server/src/rooms/floor-plans.ts). */
export interface FloorPlanTables {
  /** Each save is a row; the highest version of a room counts. */
  floorPlan: {
    id: Generated<number>
    roomId: number
    version: number
    planJson: string
    /** How many things are on it. */
    items: number
    /** What lies under it. */
    pictureId: number | null
    author: string
    atMs: number
  }
  floorPlanPicture: {
    id: Generated<number>
    roomId: number
    name: string
    type: string
    size: number
    widthPx: number
    heightPx: number
    sha256: string
    data: Uint8Array
    by: string
    atMs: number
  }
}
