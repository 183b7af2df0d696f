import { extentOf, FACINGS, type Facing, type FloorPlan, type PlanItem, TILE_M } from '@roomkeeper/shared/model'

// What a person does to a plan: each function gives the plan as it is afterwards, and keeps every item within the room.

/** A tenth of a millimetre is noise of the arithmetic. */
const roundTo = (metres: number): number => Math.round(metres * 10_000) / 10_000

export function snap(metres: number, step: number): number {
  return roundTo(Math.round(metres / step) * step)
}

interface Room {
  width: number
  depth: number
}

function withinRoom<Item extends PlanItem>(item: Item, room: Room): Item {
  const extent = extentOf(item)
  const bounded = (at: number, size: number, most: number) => roundTo(Math.max(0, Math.min(at, most - size)))
  return { ...item, x: bounded(item.x, extent.width, room.width), y: bounded(item.y, extent.depth, room.depth) }
}

function changed(plan: FloorPlan, ids: ReadonlySet<string>, change: (item: PlanItem) => PlanItem): FloorPlan {
  return { ...plan, items: plan.items.map((item) => (ids.has(item.id) ? change(item) : item)) }
}

/** Together, as far as the first of them comes to a wall: what was put in order stays in order. */
export function moveItems(plan: FloorPlan, ids: ReadonlySet<string>, dx: number, dy: number): FloorPlan {
  const items = plan.items.filter(({ id }) => ids.has(id))
  if (items.length === 0) return plan
  const left = Math.min(...items.map(({ x }) => x))
  const top = Math.min(...items.map(({ y }) => y))
  const right = Math.max(...items.map((item) => item.x + extentOf(item).width))
  const bottom = Math.max(...items.map((item) => item.y + extentOf(item).depth))
  const byX = Math.max(-left, Math.min(dx, plan.width - right))
  const byY = Math.max(-top, Math.min(dy, plan.depth - bottom))
  return changed(plan, ids, (item) => ({ ...item, x: roundTo(item.x + byX), y: roundTo(item.y + byY) }))
}

/** Pulled by one item: its corner goes to the grid, the others keep their distance to it. */
export function dragItems(
  plan: FloorPlan,
  ids: ReadonlySet<string>,
  anchorId: string,
  to: { x: number; y: number },
  step: number,
): FloorPlan {
  const anchor = plan.items.find(({ id }) => id === anchorId)
  if (!anchor) return plan
  return moveItems(plan, ids, snap(to.x, step) - anchor.x, snap(to.y, step) - anchor.y)
}

/** From its upper left corner; never smaller than a step, never beyond the wall. */
export function resizeItem(plan: FloorPlan, itemId: string, to: { width: number; depth: number }, step: number): FloorPlan {
  return changed(plan, new Set([itemId]), (item) => {
    if (!('width' in item)) return item
    const bounded = (wanted: number, at: number, most: number) =>
      roundTo(Math.max(Math.min(step, most - at), Math.min(snap(wanted, step), most - at)))
    return { ...item, width: bounded(to.width, item.x, plan.width), depth: bounded(to.depth, item.y, plan.depth) }
  })
}

/** By 90° clockwise, each about its own middle. */
export function rotateItems(plan: FloorPlan, ids: ReadonlySet<string>): FloorPlan {
  return changed(plan, ids, (item) => {
    if (!('width' in item)) return item
    const { width, depth } = item
    if (depth > plan.width || width > plan.depth) return item
    const turned = {
      ...item,
      width: depth,
      depth: width,
      x: roundTo(item.x + (width - depth) / 2),
      y: roundTo(item.y + (depth - width) / 2),
    }
    return withinRoom('facing' in turned ? { ...turned, facing: nextFacing(turned.facing) } : turned, plan)
  })
}

function nextFacing(facing: Facing): Facing {
  return FACINGS[(FACINGS.indexOf(facing) + 1) % FACINGS.length] ?? 'up'
}

export function removeItems(plan: FloorPlan, ids: ReadonlySet<string>): FloorPlan {
  return { ...plan, items: plan.items.filter(({ id }) => !ids.has(id)) }
}

export function addItem(plan: FloorPlan, item: PlanItem): FloorPlan {
  return { ...plan, items: [...plan.items, withinRoom(item, plan)] }
}

/** Copies beside what is copied. A device or point is at one place: copies are not linked. Numbered names are counted on. */
export function copyItems(plan: FloorPlan, items: readonly PlanItem[]): { plan: FloorPlan; ids: Set<string> } {
  let copied = plan
  const ids = new Set<string>()
  for (const item of items) {
    const id = freeId(copied, item.type)
    const by = Math.max(TILE_M, extentOf(item).width)
    const isRoomLeft = item.x + by + extentOf(item).width <= plan.width
    const unlinked = withoutLinks({ ...item, id, x: isRoomLeft ? item.x + by : item.x, y: isRoomLeft ? item.y : item.y + TILE_M })
    copied = addItem(copied, 'name' in unlinked ? { ...unlinked, name: nextName(copied, unlinked.name) } : unlinked)
    ids.add(id)
  }
  return { plan: copied, ids }
}

function withoutLinks(item: PlanItem): PlanItem {
  if (item.type === 'probe') return { ...item, pointIds: [] }
  if (item.type === 'door') return { ...item, pointId: null }
  return 'deviceId' in item ? { ...item, deviceId: null } : item
}

/** R03 after R02; a name without a number stays. */
function nextName(plan: FloorPlan, name: string): string {
  const [, stem = '', digits = ''] = /^(.*?)(\d+)$/.exec(name) ?? []
  if (digits === '') return name
  const taken = new Set(plan.items.map((item) => ('name' in item ? item.name : '')))
  for (let number = Number(digits) + 1; ; number++) {
    const next = `${stem}${String(number).padStart(digits.length, '0')}`
    if (!taken.has(next)) return next
  }
}

export function freeId(plan: FloorPlan, type: string): string {
  const taken = new Set(plan.items.map(({ id }) => id))
  for (let number = 1; ; number++) if (!taken.has(`${type}-${number}`)) return `${type}-${number}`
}

/** New values for one item; one that is put outside comes back to the wall. */
export function updateItem(plan: FloorPlan, itemId: string, patch: Partial<PlanItem>): FloorPlan {
  return changed(plan, new Set([itemId]), (item) => {
    const next = { ...item, ...patch } as PlanItem
    if ('width' in next) Object.assign(next, { width: Math.min(next.width, plan.width), depth: Math.min(next.depth, plan.depth) })
    return withinRoom(next, plan)
  })
}

/** Another size of the room; undefined when what stands in it would not fit. */
export function resizeRoom(plan: FloorPlan, room: Room): FloorPlan | undefined {
  const fits = plan.items.every((item) => extentOf(item).width <= room.width && extentOf(item).depth <= room.depth)
  return fits ? { ...plan, ...room, items: plan.items.map((item) => withinRoom(item, room)) } : undefined
}

/** The drawing under the plan so that two of its points are so many metres apart; the first stays where it is. */
export function scaleBackground(
  plan: FloorPlan,
  between: readonly [{ x: number; y: number }, { x: number; y: number }],
  metres: number,
): FloorPlan {
  const { background } = plan
  const [first, second] = between
  const drawn = Math.hypot(second.x - first.x, second.y - first.y)
  if (!background || drawn < 1e-3 || !(metres > 0)) return plan
  const factor = metres / drawn
  const bounded = (value: number, least: number, most: number) => roundTo(Math.min(most, Math.max(least, value)))
  return {
    ...plan,
    background: {
      ...background,
      x: bounded(first.x - (first.x - background.x) * factor, -100, 100),
      y: bounded(first.y - (first.y - background.y) * factor, -100, 100),
      width: bounded(background.width * factor, 0.1, 1000),
    },
  }
}
