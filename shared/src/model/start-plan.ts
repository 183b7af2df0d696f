import {
  DOOR_KINDS,
  type Facing,
  type FloorPlan,
  LAYER_HEIGHTS_M,
  type Layer,
  type PlanItem,
  PROBE_KINDS,
  RACK_SIZE,
  RACK_UNITS,
  REACH_M,
  TILE_M,
} from './floor-plan.ts'

/** What of a device a plan is begun with. */
export interface PlanDevice {
  id: number
  points: readonly { id: number; key: string; kind: string; name: string; nameEn: string }[]
}

/** One sensor of a device: its temperature, humidity and dew point hang at one place. */
export interface SensorOfDevice {
  deviceId: number
  pointIds: number[]
  /** Everything it is called, to guess where it hangs. */
  words: string
}

const KIND_IN_KEY = /[-_. ]*(temperature|temp|humidity|humi|rh|dew[-_ ]?point)[-_. ]*/i

/** The sensors of a device that a heat map can show; those whose keys differ in the kind only are one. */
export function sensorsOf(device: PlanDevice): SensorOfDevice[] {
  const sensors = new Map<string, SensorOfDevice & { kinds: Set<string> }>()
  for (const { id, key, kind, name, nameEn } of device.points) {
    if (!(PROBE_KINDS as readonly string[]).includes(kind)) continue
    const stem = key.replace(KIND_IN_KEY, '')
    const known = sensors.get(stem)
    // Two temperatures hang at two places, whatever they are called.
    const at = known === undefined || known.kinds.has(kind) ? `${stem}#${known ? id : ''}` : stem
    const sensor = at === stem && known ? known : { deviceId: device.id, pointIds: [], words: '', kinds: new Set<string>() }
    sensor.pointIds.push(id)
    sensor.words += ` ${key} ${name} ${nameEn}`
    sensor.kinds.add(kind)
    sensors.set(known ? at : stem, sensor)
  }
  return [...sensors.values()].map(({ deviceId, pointIds, words }) => ({ deviceId, pointIds, words }))
}

/** Which kind of thing a device is on a plan; undefined for one that only has sensors. */
export function planTypeOf(device: PlanDevice): 'air-conditioner' | 'ups' | 'device' | undefined {
  const kinds = new Set(device.points.map(({ kind }) => kind))
  if (kinds.has('ups-status') || kinds.has('battery-charge')) return 'ups'
  if (kinds.has('cooling-fault')) return 'air-conditioner'
  const rest = device.points.filter(({ kind }) => ![...PROBE_KINDS, 'door'].includes(kind as 'door'))
  return rest.length > 0 ? 'device' : undefined
}

/** The height that its words speak of; the middle where they are silent. */
export function layerInWords(words: string): Layer {
  if (/\btop\b|顶|上部/i.test(words)) return 'top'
  return /\bbottom\b|floor|底|下部/i.test(words) ? 'bottom' : 'middle'
}

function rackInWords(words: string): number | undefined {
  const found = /\brack[-_ ]?0*(\d{1,2})\b|\bR0*(\d{1,2})\b|0*(\d{1,2}) ?号?机柜/i.exec(words)
  const number = Number(found?.[1] ?? found?.[2] ?? found?.[3])
  return number >= 1 ? number : undefined
}

/** Racks where no probe names one. */
const RACKS_ASSUMED = 4
const RACKS_IN_ROW = 8
/** Tiles beside the racks, behind a row, and between two fronts (GB 50174-2017 4.3.4 wants 1.2 m there at least). */
const BESIDE_TILES = 5
const BEHIND_TILES = 4
const FRONT_TILES = 4
const UNIT_SIZE = { width: 1.5 * TILE_M, depth: 2 * TILE_M }
const DOOR_SIZE = { width: 1.5 * TILE_M, depth: 0.2 }

/**
 * A plan to begin with, from what is known of a room: rows of racks front to front, air conditioners on the left, UPSes on the right, the doors
 * below, and each probe where its name says that it hangs. The rest is put right by hand.
 */
export function startPlan(devices: readonly PlanDevice[]): FloorPlan {
  const kinds = devices.map((device) => ({ device, type: planTypeOf(device) }))
  // An air conditioner measures its own air: the heat map is of the room's.
  const sensors = kinds.flatMap(({ device, type }) => (type === 'air-conditioner' || type === 'ups' ? [] : sensorsOf(device)))
  const rackCount = Math.min(4 * RACKS_IN_ROW, Math.max(0, ...sensors.map(({ words }) => rackInWords(words) ?? 0)) || RACKS_ASSUMED)
  const perRow = Math.min(rackCount, RACKS_IN_ROW)
  const rows = Math.ceil(rackCount / perRow)
  const width = tiles(perRow + 2 * BESIDE_TILES)
  const depth = tiles(BEHIND_TILES + rows * 2 + Math.ceil(rows / 2) * FRONT_TILES + Math.floor(rows / 2) * BEHIND_TILES)

  const racks = Array.from({ length: rackCount }, (_, index): PlanItem & { type: 'rack' } => {
    const row = Math.floor(index / perRow)
    const y = BEHIND_TILES + row * 2 + Math.ceil(row / 2) * FRONT_TILES + Math.floor(row / 2) * BEHIND_TILES
    const place = { x: tiles(BESIDE_TILES + (index % perRow)), y: tiles(y), ...RACK_SIZE }
    const name = `R${String(index + 1).padStart(2, '0')}`
    return {
      type: 'rack',
      id: `rack-${index + 1}`,
      ...place,
      facing: row % 2 === 0 ? 'down' : 'up',
      name,
      deviceId: null,
      units: RACK_UNITS,
    }
  })

  const spread = { cold: 0, hot: 0, other: 0 }
  const probes = sensors.map(({ pointIds, words }, index): PlanItem => {
    const z = LAYER_HEIGHTS_M[layerInWords(words)]
    const place = (x: number, y: number): PlanItem => ({
      type: 'probe',
      id: `probe-${index + 1}`,
      x: Math.min(width, round(x)),
      y: Math.min(depth, round(y)),
      z,
      name: '',
      pointIds: pointIds.slice(0, 4),
    })
    const rack = racks[(rackInWords(words) ?? 0) - 1]
    if (rack) return place(rack.x + rack.width / 2, rack.facing === 'down' ? rack.y + rack.depth : rack.y)
    const middleX = tiles(BESIDE_TILES + perRow / 2)
    if (/cold|冷/i.test(words)) return place(middleX + tiles(2 * spread.cold++), tiles(BEHIND_TILES + 2 + FRONT_TILES / 2))
    if (/hot|热/i.test(words)) return place(middleX + tiles(2 * spread.hot++), tiles(BEHIND_TILES / 2))
    return place(width - tiles(2) - tiles(3 * Math.floor(spread.other / 3)), (depth * ((spread.other++ % 3) + 1)) / 4 + tiles(1))
  })

  const units = (type: 'air-conditioner' | 'ups' | 'device', x: number, facing: Facing, firstTile: number): PlanItem[] =>
    kinds
      .filter((each) => each.type === type)
      .map(({ device }, index): PlanItem => {
        const box = type === 'device' ? { width: TILE_M, depth: TILE_M } : UNIT_SIZE
        const y = Math.min(depth - box.depth, tiles(firstTile + index * (type === 'device' ? 2 : 3)))
        return { type, id: `${type}-${index + 1}`, x: round(x), y: round(y), ...box, facing, name: '', deviceId: device.id }
      })
  const doors = devices.flatMap(({ points }) => points.filter(({ kind }) => kind === DOOR_KINDS[0]))
  const doorItems = (doors.length > 0 ? doors : [{ id: null }]).map(({ id }, index): PlanItem => {
    const x = Math.max(0, width - tiles(3 + 3 * index))
    return {
      type: 'door',
      id: `door-${index + 1}`,
      x: round(x),
      y: round(depth - DOOR_SIZE.depth),
      ...DOOR_SIZE,
      facing: 'up',
      name: '',
      pointId: id,
    }
  })
  const items = [
    ...racks,
    ...units('air-conditioner', 0, 'right', BEHIND_TILES + 2),
    ...units('ups', width - UNIT_SIZE.width, 'left', 1),
    ...units('device', tiles(0), 'right', 1),
    ...doorItems,
    ...probes,
  ]
  return { width, depth, reach: REACH_M, background: null, items }
}

function tiles(count: number): number {
  return round(count * TILE_M)
}

function round(metres: number): number {
  return Math.round(metres * 1000) / 1000
}
