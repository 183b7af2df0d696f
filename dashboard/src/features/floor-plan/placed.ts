import type { Device, Point } from '@roomkeeper/shared/http'
import { type FloorPlan, type Layer, layerOf, type ProbeItem } from '@roomkeeper/shared/model'
import { MAP_KINDS, type MapKind } from './heat-scale.ts'

/** A point with the device that it is of. */
export interface PointOfRoom {
  point: Point
  device: Device
}

/** A probe of the plan with what it measures. */
export interface PlacedProbe {
  item: ProbeItem
  layer: Layer
  /** The rack that it hangs at; null: it hangs free. */
  rackName: string | null
  of: Readonly<Partial<Record<MapKind, PointOfRoom>>>
  /** Named by the plan, and not in the room any more. */
  missing: number
}

/** So near to a rack a probe is taken for the rack's. */
const AT_RACK_M = 0.3

export function pointsById(devices: readonly Device[]): ReadonlyMap<number, PointOfRoom> {
  return new Map(devices.flatMap((device) => device.points.map((point) => [point.id, { point, device }] as const)))
}

export function placedProbes(plan: FloorPlan, points: ReadonlyMap<number, PointOfRoom>): PlacedProbe[] {
  return plan.items.flatMap((item): PlacedProbe[] => {
    if (item.type !== 'probe') return []
    const found = item.pointIds.flatMap((id) => points.get(id) ?? [])
    const of = Object.fromEntries(
      MAP_KINDS.flatMap((kind) => {
        const one = found.find(({ point }) => point.kind === kind)
        return one ? [[kind, one]] : []
      }),
    )
    return [{ item, layer: layerOf(item.z), rackName: rackAt(plan, item), of, missing: item.pointIds.length - found.length }]
  })
}

function rackAt(plan: FloorPlan, { x, y }: ProbeItem): string | null {
  let nearest = { distance: AT_RACK_M, name: null as string | null }
  for (const item of plan.items) {
    if (item.type !== 'rack' || item.name === '') continue
    const dx = Math.max(item.x - x, 0, x - item.x - item.width)
    const dy = Math.max(item.y - y, 0, y - item.y - item.depth)
    const distance = Math.hypot(dx, dy)
    // Between two racks side by side the one whose middle is nearer.
    const isNearer = distance < nearest.distance || (distance === nearest.distance && nearest.name === null)
    if (isNearer) nearest = { distance, name: item.name }
  }
  return nearest.name
}

/** Probes that hang one over the other share a mark on the plan. */
export function byPlace(probes: readonly PlacedProbe[]): PlacedProbe[][] {
  const places: PlacedProbe[][] = []
  for (const probe of probes) {
    const known = places.find(([first]) => first && Math.hypot(first.item.x - probe.item.x, first.item.y - probe.item.y) <= AT_RACK_M)
    if (known) known.push(probe)
    else places.push([probe])
  }
  return places
}
