import type { ChecklistItem, ChecklistValue, InspectionSheet } from '@roomkeeper/shared/registers'
import { describe, expect, it } from 'vitest'
import { contradictionsOf, unanswered } from './contradictions.ts'

const words = (zh: string, en: string) => ({ zh, en })
const temperature: ChecklistItem = {
  key: 'temperature',
  label: words('温度', 'Temperature'),
  measured: { unit: 'Cel', kind: 'temperature' },
}
const panel: ChecklistItem = { key: 'ups-panel-d1', label: words('面板无告警', 'No alarm on its panel'), deviceId: 1 }
const water: ChecklistItem = { key: 'water', label: words('无漏水', 'No leaks') }
const sensor = (value: number, low = value, high = value) => ({ value, low, high, unit: 'Cel', atMs: 0, sensors: low === high ? 1 : 3 })
const alarm = (text: string, items: string[]) => ({
  id: 1,
  text: words(text, text),
  priority: 'high',
  state: 'UNACK',
  raisedAtMs: 0,
  items,
})

function found(answers: ChecklistValue, sheet: Partial<InspectionSheet>) {
  const items = [temperature, panel, water]
  return contradictionsOf({ items, beside: {}, openAlarms: [], ...sheet }, answers)
}

describe('what people write and what sensors say', () => {
  it('names both when the sheet says 24 ℃ and the sensor 29 ℃', () => {
    const [one] = found({ temperature: { result: 'normal', measured: 24 } }, { beside: { temperature: sensor(29) } })
    expect(one).toEqual({
      item: 'temperature',
      message: {
        zh: '温度：填写 24 ℃，传感器当时为 29 ℃',
        en: 'Temperature: the sheet says 24 ℃, the sensors said 29 ℃ at that time',
      },
    })
  })

  it.each([
    [26, 29, 0],
    [25.9, 29, 1],
    [32, 29, 0],
    [32.1, 29, 1],
  ])('lets thermometers differ by 3 ℃: %d beside %d', (measured, said, count) => {
    expect(found({ temperature: { measured } }, { beside: { temperature: sensor(said) } })).toHaveLength(count)
  })

  it('takes the span of several sensors: cold and hot aisle are both right', () => {
    const beside = { temperature: sensor(26, 21, 34) }
    expect(found({ temperature: { measured: 19 } }, { beside })).toEqual([])
    expect(found({ temperature: { measured: 40 } }, { beside })[0]?.message.zh).toBe('温度：填写 40 ℃，传感器当时为 21–34 ℃')
  })

  it('says nothing without a sensor beside it, or without a value', () => {
    expect(found({ temperature: { result: 'normal', measured: 24 } }, {})).toEqual([])
    expect(found({ temperature: { result: 'normal' } }, { beside: { temperature: sensor(29) } })).toEqual([])
  })

  it('lets a tolerance grow with the value where the meters’ errors do', () => {
    const item: ChecklistItem = { key: 'v', label: words('线电压', 'Voltage'), measured: { unit: 'V', kind: 'line-to-line-voltage' } }
    const beside = { v: { ...sensor(400), unit: 'V' } }
    const of = (measured: number) => contradictionsOf({ items: [item], beside, openAlarms: [] }, { v: { measured } })
    expect([of(381), of(379)].map((one) => one.length)).toEqual([0, 1])
  })

  it('does not call a UPS normal while its alarm stands, nor not applicable', () => {
    const openAlarms = [alarm('UPS1 UPS 状态 状态异常', ['ups-panel-d1'])]
    expect(found({ [panel.key]: { result: 'normal' } }, { openAlarms })[0]?.message).toEqual({
      zh: '面板无告警：填写“正常”，但告警未消除：UPS1 UPS 状态 状态异常',
      en: 'No alarm on its panel: answered “normal”, but an alarm stands: UPS1 UPS 状态 状态异常',
    })
    expect(found({ [panel.key]: { result: 'not-applicable' } }, { openAlarms })).toHaveLength(1)
    expect(found({ [panel.key]: { result: 'abnormal', note: 'on battery' } }, { openAlarms })).toEqual([])
  })

  it('says nothing of items that nobody answered yet', () => {
    expect(found({}, { openAlarms: [alarm('漏水', ['water'])], beside: { temperature: sensor(29) } })).toEqual([])
  })

  it('is answered by a note on the item, and stays', () => {
    const openAlarms = [alarm('漏水', ['water'])]
    const silent: ChecklistValue = { water: { result: 'normal', note: ' ' } }
    const answered: ChecklistValue = { water: { result: 'normal', note: '已擦干，传感器待复位' } }
    expect(unanswered(found(silent, { openAlarms }), silent)).toHaveLength(1)
    expect(found(answered, { openAlarms })).toHaveLength(1)
    expect(unanswered(found(answered, { openAlarms }), answered)).toEqual([])
  })
})
