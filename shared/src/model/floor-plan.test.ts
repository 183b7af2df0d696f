import { describe, expect, it } from 'vitest'
import { type FloorPlan, floorPlanSchema, layerOf, linksOf } from './floor-plan.ts'
import { type PlanDevice, sensorsOf, startPlan } from './start-plan.ts'

const rack = { type: 'rack', id: 'rack-1', x: 0, y: 0, width: 0.6, depth: 1.2, facing: 'down', name: 'R01', deviceId: null }
const probe = { type: 'probe', id: 'p', x: 1, y: 1, z: 2, name: '', pointIds: [7] }
const plan = (...items: unknown[]) => ({ width: 6, depth: 4, items })

describe('a floor plan', () => {
  it('is taken with its defaults filled in', () => {
    const taken = floorPlanSchema.parse(plan(rack, probe))
    expect(taken).toMatchObject({ reach: 3, background: null })
    expect(taken.items[0]).toMatchObject({ units: 42 })
    expect(linksOf(taken)).toEqual({ deviceIds: new Set(), pointIds: new Set([7]) })
  })

  it.each([
    ['a rack that reaches out of the room', plan({ ...rack, x: 5.5 }), 'items.0', /超出机房（6 × 4 m）.*outside/],
    ['an id that is used twice', plan(rack, { ...probe, id: 'rack-1' }), 'items.1', /rack-1 重复.*twice/],
    ['a point that hangs at two places', plan(probe, { ...probe, id: 'q' }), 'items.1', /测点 7 已在第 1 项.*item 1/],
    ['an unknown kind of thing', plan({ ...rack, type: 'sofa' }), 'items.0.type', /./],
    ['a field that nobody knows', plan({ ...rack, colour: 'red' }), 'items.0', /colour/],
    ['a place that is no number', plan({ ...rack, x: Number.NaN }), 'items.0.x', /./],
    ['a rack without extent', plan({ ...rack, width: 0 }), 'items.0.width', /./],
    ['a side that there is not', plan({ ...rack, facing: 'north' }), 'items.0.facing', /up/],
    ['an id that could be markup', plan({ ...rack, id: '"><script>' }), 'items.0.id', /编号/],
    ['a room of a kilometre', { ...plan(), width: 1000 }, 'width', /100/],
    ['more things than a room holds', plan(...Array.from({ length: 501 }, (_, n) => ({ ...rack, id: `r${n}` }))), 'items', /500/],
  ])('is refused with %s', (_what, input, path, message) => {
    const { error } = floorPlanSchema.safeParse(input)
    expect(error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toContainEqual([path, expect.stringMatching(message)])
  })

  it.each([
    [0, 'bottom'],
    [0.64, 'bottom'],
    [0.66, 'middle'],
    [1.1, 'middle'],
    [1.6, 'top'],
    [2.4, 'top'],
  ])('has what hangs at %s m in the layer %s', (height, layer) => expect(layerOf(height)).toBe(layer))
})

const point = (id: number, key: string, kind: string, name = '') => ({ id, key, kind, name, nameEn: '' })

describe('the plan to begin with', () => {
  const devices: PlanDevice[] = [
    { id: 1, points: [point(1, 'cold-aisle-temperature', 'temperature'), point(2, 'cold-aisle-humidity', 'humidity')] },
    { id: 2, points: [point(3, 'status', 'ups-status')] },
    { id: 3, points: [point(4, 'fault', 'cooling-fault'), point(5, 'return-temperature', 'temperature')] },
    { id: 4, points: [point(6, 'door', 'door'), point(7, 'leak', 'leak')] },
    { id: 5, points: [point(8, 'rack-2-top-temperature', 'temperature'), point(9, 't9', 'temperature', '3号机柜下部温度')] },
  ]

  it('places each known device and probe once, where its name says', () => {
    const made = startPlan(devices)
    expect(floorPlanSchema.parse(made)).toEqual(made)
    const racks = made.items.filter(({ type }) => type === 'rack')
    expect(racks).toHaveLength(3)
    const at = (pointId: number) => made.items.find((item) => item.type === 'probe' && item.pointIds.includes(pointId))
    expect(at(2)).toBe(at(1))
    expect(at(8)).toMatchObject({ x: (racks[1]?.x ?? 0) + 0.3, z: 2 })
    expect(at(9)).toMatchObject({ x: (racks[2]?.x ?? 0) + 0.3, z: 0.2 })
    // An air conditioner's own air is not the room's.
    expect(at(5)).toBeUndefined()
    expect(linksOf(made).deviceIds).toEqual(new Set([2, 3, 4]))
    expect(made.items.find(({ type }) => type === 'door')).toMatchObject({ pointId: 6 })
  })

  it.each([0, 1, 40, 400])('fits into its room with %i probes and devices', (count) => {
    const many = Array.from({ length: Math.min(count, 150) }, (_, n): PlanDevice => {
      const kind = n % 3 === 0 ? 'ups-status' : n % 3 === 1 ? 'cooling-fault' : 'temperature'
      return { id: n + 1, points: [point(n + 1, `rack ${n % 40} temperature`, kind)] }
    })
    const made: FloorPlan = startPlan(many)
    expect(floorPlanSchema.safeParse(made).error?.issues ?? []).toEqual([])
  })

  it('takes two temperatures of one name for two probes', () => {
    const sensors = sensorsOf({ id: 1, points: [point(1, 'temperature', 'temperature'), point(2, 'temp', 'temperature')] })
    expect(sensors.map(({ pointIds }) => pointIds)).toEqual([[1], [2]])
  })
})
