import type { ChecklistItem, ChecklistValue, Contradiction, InspectionSheet, SheetAlarm } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'

type Compared = Pick<InspectionSheet, 'items' | 'beside' | 'openAlarms'>

/**
 * How far what people read may lie from what the sensors say, in the unit of the kind, before one of the two is wrong.
 * `part`: of the sensor's value, where the meters' errors grow with it.
 */
const TOLERANCES: Readonly<Record<string, { by: number; part?: number }>> = {
  // A wall thermometer and a probe are each right to about 1 ℃, and the air differs by a degree or so between the wall and the racks.
  temperature: { by: 3 },
  'dew-point': { by: 3 },
  'battery-temperature': { by: 5 },
  // Hygrometers are right to 3–5 % RH each.
  humidity: { by: 10 },
  // Board meters are of class 2.5 (2.5 % of 220 V = 5.5 V), a UPS tells its input to about 2 %.
  voltage: { by: 10, part: 0.05 },
  'line-to-line-voltage': { by: 15, part: 0.05 },
  // Class 2.5 of a reed or pointer meter; two meters of mains cannot honestly be further apart.
  frequency: { by: 0.5 },
  // Shown in whole per cent and changing while one walks to the next device.
  load: { by: 10 },
  'battery-charge': { by: 10 },
  current: { by: 2, part: 0.1 },
  power: { by: 100, part: 0.1 },
}
/** A kind without an entry: two meters that differ by more than this part speak of different things. */
const OTHER = { by: 0, part: 0.2 }

/** Where people and sensors say different things. Nothing is changed by it: whoever signs writes a note on the item. */
export function contradictionsOf(sheet: Compared, answers: ChecklistValue): Contradiction[] {
  return sheet.items.flatMap((item) => {
    const answer = answers[item.key]
    if (!answer) return []
    const found: Contradiction[] = []
    const beside = sheet.beside[item.key]
    const { measured } = answer
    if (beside && typeof measured === 'number') {
      const { by, part = 0 } = TOLERANCES[item.measured?.kind ?? ''] ?? OTHER
      const tolerance = Math.max(by, part * Math.abs(beside.value))
      if (measured < beside.low - tolerance || measured > beside.high + tolerance) found.push(differing(item, measured, beside))
    }
    if (answer.result === 'normal' || answer.result === 'not-applicable')
      for (const alarm of sheet.openAlarms) if (alarm.items.includes(item.key)) found.push(alarming(item, alarm, answer.result))
    return found
  })
}

function differing(item: ChecklistItem, measured: number, beside: InspectionSheet['beside'][string]): Contradiction {
  const unit = unitSymbol(beside.unit)
  const sensor = beside.low === beside.high ? `${beside.value} ${unit}` : `${beside.low}–${beside.high} ${unit}`
  return {
    item: item.key,
    message: {
      zh: `${item.label.zh}：填写 ${measured} ${unit}，传感器当时为 ${sensor}`,
      en: `${item.label.en}: the sheet says ${measured} ${unit}, the sensors said ${sensor} at that time`,
    },
  }
}

function alarming(item: ChecklistItem, { text }: SheetAlarm, result: 'normal' | 'not-applicable'): Contradiction {
  const isNormal = result === 'normal'
  return {
    item: item.key,
    message: {
      zh: `${item.label.zh}：填写“${isNormal ? '正常' : '不适用'}”，但告警未消除：${text.zh}`,
      en: `${item.label.en}: answered “${isNormal ? 'normal' : 'not applicable'}”, but an alarm stands: ${text.en}`,
    },
  }
}

/** Contradictions that nobody has answered: their items have no note. */
export function unanswered(contradictions: readonly Contradiction[], answers: ChecklistValue): Contradiction[] {
  return contradictions.filter(({ item }) => !answers[item]?.note?.trim())
}
