import { describe, expect, it } from 'vitest'
import { CHECKLISTS } from './checklists.ts'
import { deviceClassOf } from './device-class.ts'
import { itemsOfAlarm, type RoomThing, roomItems, withAnswered } from './room-items.ts'

const thing = (key: string, deviceClass: RoomThing['class'], deviceId: number | null = null): RoomThing => ({
  class: deviceClass,
  name: { zh: key, en: key },
  key,
  deviceId,
  assetId: null,
})
const UPS = thing('UPS-A', 'ups', 1)
const AC = thing('AC-1', 'air-conditioner', 2)
const noBand = () => undefined

describe('the items of a room', () => {
  it('are those of the room itself where nothing stands in it', () => {
    const { items } = roomItems([], CHECKLISTS, noBand)
    expect(items.map(({ key }) => key)).toEqual([
      ...['temperature', 'humidity', 'voltage'],
      ...['dust', 'rodents', 'extinguishers', 'flammables', 'power-drawn-out', 'cables', 'static', 'doors-windows', 'water', 'lights'],
    ])
  })

  it('speak of each thing by its name, what ends the room soonest first', () => {
    const { items } = roomItems([thing('srv', 'server', 9), AC, UPS], CHECKLISTS, noBand)
    const groups = [...new Set(items.map(({ group }) => group?.zh))]
    expect(groups).toEqual(['环境与供电', '机房环境', 'UPS-A', 'AC-1', 'srv'])
    expect(items.find(({ key }) => key === 'ups-panel-UPS-A')).toMatchObject({ deviceId: 1, followUp: 'incident' })
  })

  it('are asked once for many of a class: forty servers are one walk along the racks', () => {
    const servers = Array.from({ length: 40 }, (_, index) => thing(`srv${index}`, 'server', 100 + index))
    const room = roomItems(servers, CHECKLISTS, noBand)
    const asked = room.items.filter(({ key }) => key.startsWith('server-'))
    expect(asked.map(({ key, group }) => [key, group?.zh])).toEqual([
      ['server-lamps', '服务器（40 台）'],
      ['server-plugs', '服务器（40 台）'],
    ])
    expect(itemsOfAlarm({ condition: 'high', kind: 'board-temperature', deviceId: 117, isMains: false }, room)).toEqual(['server-lamps'])
  })

  it('have every key once', () => {
    const { items } = roomItems([UPS, AC, thing('UPS-B', 'ups', 3), thing('a', 'generic')], CHECKLISTS, noBand)
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length)
  })

  it('carry what the limits in force call normal', () => {
    const { items } = roomItems([], CHECKLISTS, (kind) => (kind === 'temperature' ? { low: 18, high: 27 } : undefined))
    expect(items[0]?.measured).toEqual({ unit: 'Cel', kind: 'temperature', low: 18, high: 27 })
    expect(items[1]?.measured).toEqual({ unit: '%', kind: 'humidity' })
    const open = roomItems([], CHECKLISTS, () => ({ low: Number.NEGATIVE_INFINITY, high: 60 })).items[1]
    expect(open?.measured).toEqual({ unit: '%', kind: 'humidity', high: 60 })
  })

  it('stay when they were answered, also when their device has gone', () => {
    const before = roomItems([UPS], CHECKLISTS, noBand).items
    const after = roomItems([], CHECKLISTS, noBand).items
    const kept = withAnswered(after, before, ['ups-panel-UPS-A', 'dust']).map(({ key }) => key)
    expect(kept).toEqual([...after.map(({ key }) => key), 'ups-panel-UPS-A'])
  })
})

describe('the items of which an alarm speaks', () => {
  const room = roomItems([UPS, AC], CHECKLISTS, noBand)
  const of = (condition: string, kind: string | null, deviceId: number | null, isMains = false) =>
    itemsOfAlarm({ condition, kind, deviceId, isMains }, room)

  it.each([
    ['state', 'ups-status', 1, ['ups-panel-UPS-A']],
    ['low', 'battery-charge', 1, ['ups-batteries-UPS-A']],
    ['state', 'cooling-fault', 2, ['air-conditioner-running-AC-1']],
    ['state-critical', 'leak', 7, ['water']],
    ['state-critical', 'smoke', 7, ['flammables']],
    ['high', 'temperature', 7, ['temperature']],
    ['high', 'temperature', null, ['temperature']],
    ['device-offline', null, 1, ['ups-panel-UPS-A']],
    ['high', 'fan-speed', 2, ['air-conditioner-running-AC-1']],
    ['no-data', 'ups-status', 1, []],
    ['sensor-suspect', 'temperature', 7, []],
    ['overdue', null, null, []],
  ])('%s of %s at device %s', (condition, kind, deviceId, expected) => {
    expect(of(condition, kind, deviceId)).toEqual(expected)
  })

  it('tells the mains from the output of a UPS', () => {
    expect(of('low', 'voltage', 1, true)).toEqual(['voltage', 'ups-panel-UPS-A'])
    expect(of('low', 'voltage', 1, false)).toEqual(['ups-panel-UPS-A'])
  })
})

describe('the class of a device', () => {
  const of = (name: string, ...kinds: string[]) => deviceClassOf({ name, maker: '', model: '', kinds: new Set(kinds) })

  it.each([
    ['UPS1', ['ups-status', 'load', 'temperature'], 'ups'],
    ['AC', ['cooling-fault', 'temperature'], 'air-conditioner'],
    ['精密空调 2', ['temperature'], 'air-conditioner'],
    ['core switch', ['fan-speed', 'board-temperature'], 'network'],
    ['NAS 1', ['board-temperature'], 'storage'],
    ['bmc-07', ['board-temperature', 'fan-speed', 'power'], 'server'],
    ['PDU 3', ['power', 'current'], 'power'],
    ['probe', ['temperature', 'humidity', 'dew-point'], null],
    ['contacts', ['leak', 'smoke', 'door', 'output'], null],
    ['消防主机', ['contact'], 'fire'],
    ['gauge', ['frequency'], 'generic'],
  ])('of %s', (name, kinds, expected) => {
    expect(of(name, ...kinds)).toBe(expected)
  })
})
