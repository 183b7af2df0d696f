import { type FloorPlan, floorPlanSchema, type PlanItem } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { beginEdit, edit } from './edit-history.ts'
import {
  addItem,
  copyItems,
  dragItems,
  moveItems,
  removeItems,
  resizeItem,
  resizeRoom,
  rotateItems,
  scaleBackground,
  snap,
  updateItem,
} from './plan-edit.ts'

const rack = (id: string, x: number, y: number): PlanItem => ({
  ...{ type: 'rack', id, x, y, width: 0.6, depth: 1.2, facing: 'down', name: 'R01', deviceId: 5, units: 42 },
})
const probe: PlanItem = { type: 'probe', id: 'p', x: 3, y: 3, z: 2, name: '', pointIds: [7] }
const plan: FloorPlan = { width: 6, depth: 4.8, reach: 3, background: null, items: [rack('a', 0.6, 0.6), rack('b', 1.2, 0.6), probe] }
const both = new Set(['a', 'b'])
const at = (of: FloorPlan, id: string) =>
  of.items.find((item) => item.id === id) as PlanItem & { width: number; depth: number; facing: string }

describe('moving', () => {
  it('snaps to the grid without noise of the arithmetic', () => {
    expect([snap(1.71, 0.6), snap(0.1 + 0.2, 0.1), snap(-0.2, 0.6)]).toEqual([1.8, 0.3, -0])
    expect(at(dragItems(plan, both, 'a', { x: 1.31, y: 0.55 }, 0.6), 'a')).toMatchObject({ x: 1.2, y: 0.6 })
    expect(at(dragItems(plan, both, 'a', { x: 1.31, y: 0.55 }, 0.1), 'a')).toMatchObject({ x: 1.3, y: 0.6 })
  })
  it('keeps the order of what moves together, and stops at the wall', () => {
    const moved = moveItems(plan, both, 100, -100)
    expect([at(moved, 'a').x, at(moved, 'b').x, at(moved, 'a').y]).toEqual([4.8, 5.4, 0])
    expect(moved.items[2]).toBe(probe)
    expect(moveItems(plan, new Set(), 1, 1)).toBe(plan)
  })
})

describe('turning and resizing', () => {
  it('turns about the middle, and four times is none', () => {
    const turned = rotateItems(plan, new Set(['a']))
    expect(at(turned, 'a')).toMatchObject({ x: 0.3, y: 0.9, width: 1.2, depth: 0.6, facing: 'left' })
    const four = [1, 2, 3, 4].reduce((one) => rotateItems(one, new Set(['a', 'p'])), plan)
    expect(four).toEqual(plan)
  })
  it('leaves as it is what would not fit turned', () => {
    const narrow = { ...plan, depth: 1.2, items: [{ ...rack('a', 0, 0), width: 3, depth: 0.6 } as PlanItem] }
    expect(rotateItems(narrow, new Set(['a']))).toEqual(narrow)
  })
  it('is never smaller than a step and never beyond the wall', () => {
    expect(at(resizeItem(plan, 'a', { width: -3, depth: 99 }, 0.6), 'a')).toMatchObject({ width: 0.6, depth: 4.2 })
    expect(resizeItem(plan, 'p', { width: 1, depth: 1 }, 0.6).items[2]).toBe(probe)
  })
  it('of the room brings everything inside, or refuses', () => {
    const smaller = resizeRoom(plan, { width: 1.8, depth: 1.8 })
    expect(smaller && floorPlanSchema.safeParse(smaller).success).toBe(true)
    expect(resizeRoom(plan, { width: 6, depth: 1 })).toBeUndefined()
  })
})

describe('copying and removing', () => {
  it('copies beside, without links, and counts names on', () => {
    const { plan: copied, ids } = copyItems(plan, plan.items)
    expect([...ids]).toEqual(['rack-1', 'rack-2', 'probe-1'])
    expect(at(copied, 'rack-1')).toMatchObject({ x: 1.2, y: 0.6, name: 'R02', deviceId: null })
    expect(at(copied, 'rack-2')).toMatchObject({ name: 'R03' })
    expect(at(copied, 'probe-1')).toMatchObject({ pointIds: [] })
    expect(floorPlanSchema.safeParse(copied).error?.issues ?? []).toEqual([])
  })
  it('keeps what is added or changed inside', () => {
    expect(addItem(plan, rack('c', 99, -4)).items.at(-1)).toMatchObject({ x: 5.4, y: 0 })
    expect(at(updateItem(plan, 'a', { x: 99, width: 50 }), 'a')).toMatchObject({ x: 0, width: 6 })
    expect(removeItems(plan, both).items).toEqual([probe])
  })
})

describe('the drawing under the plan', () => {
  it('is scaled by two of its points, the first staying where it is', () => {
    const background = { pictureId: 1, x: 0, y: 0, width: 6, opacity: 0.5 }
    const scaled = scaleBackground(
      { ...plan, background },
      [
        { x: 1, y: 1 },
        { x: 3, y: 1 },
      ],
      3,
    )
    expect(scaled.background).toEqual({ ...background, x: -0.5, y: -0.5, width: 9 })
    expect(
      scaleBackground(
        { ...plan, background },
        [
          { x: 1, y: 1 },
          { x: 1, y: 1 },
        ],
        3,
      ).background,
    ).toBe(background)
  })
})

describe('undo', () => {
  const [one, two, three] = [1, 2, 3].map((width) => ({ ...plan, width: 6 + width })) as [FloorPlan, FloorPlan, FloorPlan]
  it('takes back step by step and brings again; a new change ends what could be brought again', () => {
    let state = edit(edit(beginEdit(plan), { type: 'change', plan: one }), { type: 'change', plan: two })
    state = edit(state, { type: 'undo' })
    expect(state.plan).toBe(one)
    expect(edit(state, { type: 'redo' }).plan).toBe(two)
    state = edit(state, { type: 'change', plan: three })
    expect(edit(state, { type: 'redo' }).plan).toBe(three)
    expect(edit(edit(edit(state, { type: 'undo' }), { type: 'undo' }), { type: 'undo' }).plan).toBe(plan)
  })
  it('takes a whole drag back at once, and the next drag by itself', () => {
    const drag = (state = beginEdit(plan), to = one) => edit(state, { type: 'change', plan: to, gesture: 'drag' })
    const dragged = edit(drag(drag(), two), { type: 'settle' })
    expect(edit(dragged, { type: 'undo' }).plan).toBe(plan)
    expect(edit(drag(dragged, three), { type: 'undo' }).plan).toBe(two)
  })
  it('does not keep selected what is gone, and counts no change that is none', () => {
    const without = removeItems(plan, new Set(['b']))
    const state = edit(edit(beginEdit(without), { type: 'change', plan }), { type: 'select', selected: both })
    expect(edit(state, { type: 'undo' }).selected).toEqual(new Set(['a']))
    expect(edit(state, { type: 'change', plan }).past).toHaveLength(1)
  })
})
