import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'

/** What the last part of a NUT variable's name says it is. `at` narrows it by the first word of the name (battery, ambient …). */
export interface Quantity {
  kind: PointKind
  unit: Unit
  name: { zh: string; en: string }
}

const quantity = (kind: PointKind, unit: Unit, zh: string, en: string): Quantity => ({ kind, unit, name: { zh, en } })

/** Quantities by the end of the name; the longest end wins. Units are those of docs/nut-names.txt, which drivers must convert to. */
const QUANTITIES: Readonly<Record<string, Quantity>> = {
  voltage: quantity('voltage', 'V', '电压', 'voltage'),
  current: quantity('current', 'A', '电流', 'current'),
  'current.total': quantity('current', 'A', '总电流', 'total current'),
  frequency: quantity('frequency', 'Hz', '频率', 'frequency'),
  power: quantity('power', 'VA', '视在功率', 'apparent power'),
  realpower: quantity('power', 'W', '有功功率', 'power'),
  'power.percent': quantity('load', '%', '负载', 'load'),
  'realpower.percent': quantity('load', '%', '有功负载', 'real load'),
  load: quantity('load', '%', '负载', 'load'),
  percentload: quantity('load', '%', '负载', 'load'),
  'load.apparent': quantity('load', '%', '视在负载', 'apparent load'),
  powerfactor: quantity('number', '1', '功率因数', 'power factor'),
  crestfactor: quantity('number', '1', '波峰因数', 'crest factor'),
  efficiency: quantity('number', '%', '效率', 'efficiency'),
  humidity: quantity('humidity', '%', '湿度', 'humidity'),
  dewpoint: quantity('dew-point', 'Cel', '露点', 'dew point'),
  // The inside of a UPS or PDU is no room: its temperature is not judged by the room's limits.
  temperature: quantity('board-temperature', 'Cel', '内部温度', 'inside temperature'),
  status: quantity('text', '1', '状态', 'status'),
}

/** Between two lines of a three-phase supply: 380 V where a line has 220. */
const LINE_TO_LINE = /^L\d-L\d$/i
const LINE_TO_LINE_VOLTAGE = quantity('line-to-line-voltage', 'V', '线电压', 'voltage')

/** Quantities that mean something else, or anything at all, only below this word. */
const AT: Readonly<Record<string, Readonly<Record<string, Quantity>>>> = {
  battery: {
    voltage: quantity('battery-voltage', 'V', '电压', 'voltage'),
    temperature: quantity('battery-temperature', 'Cel', '温度', 'temperature'),
    charge: quantity('battery-charge', '%', '电量', 'charge'),
    runtime: quantity('battery-runtime', 's', '剩余时间', 'runtime'),
    packs: quantity('number', '1', '包数', 'packs'),
    'packs.bad': quantity('number', '1', '损坏包数', 'bad packs'),
  },
  // Which of its inputs a transfer switch has taken.
  input: { source: quantity('text', '1', '当前路', 'source in use') },
  ambient: { temperature: quantity('temperature', 'Cel', '温度', 'temperature') },
  // USB's own names (Power Device class, §4.2.2), which usbhid-ups shows where it has none of its own: the summary is the battery's.
  powersummary: {
    voltage: quantity('battery-voltage', 'V', '电池电压', 'battery voltage'),
    remainingcapacity: quantity('battery-charge', '%', '电池电量', 'battery charge'),
    runtimetoempty: quantity('battery-runtime', 's', '电池剩余时间', 'battery runtime'),
  },
  ups: {
    alarm: quantity('text', '1', '告警', 'alarm'),
    'test.result': quantity('text', '1', '自检结果', 'self-test result'),
  },
}

/** The quantity a name ends with (`parts` is the name cut at its dots), and how many parts that takes; undefined for what is no measurement. */
export function quantityOf(parts: readonly string[]): { quantity: Quantity; length: number } | undefined {
  const [place = ''] = parts
  const head = parts.includes('powersummary') ? 'powersummary' : place === 'experimental' ? (parts[1] ?? '') : place
  if (head === 'ups' && parts.length === 2 && parts[1] === 'status') {
    return { quantity: quantity('ups-status', '1', '状态', 'status'), length: 1 }
  }
  for (const length of [2, 1]) {
    if (parts.length <= length) continue
    const end = parts.slice(-length).join('.')
    const isBetweenLines = end === 'voltage' && LINE_TO_LINE.test(parts.at(-2) ?? '')
    const found = isBetweenLines ? LINE_TO_LINE_VOLTAGE : (own(own(AT, head), end) ?? own(QUANTITIES, end))
    if (found) return { quantity: found, length }
  }
  return undefined
}

/** What a table itself has: a variable may be called `ups.constructor`. */
function own<T>(table: Readonly<Record<string, T>> | undefined, word: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, word) ? table[word] : undefined
}
