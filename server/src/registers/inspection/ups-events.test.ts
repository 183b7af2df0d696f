import { expect, it } from 'vitest'
import { eventsOfStatus, eventsOfTests } from './ups-events.ts'

const MINUTE_MS = 60_000
const range = { fromMs: 10 * MINUTE_MS, toMs: 100 * MINUTE_MS }
const at = (minute: number, value: string) => ({ timeMs: minute * MINUTE_MS, value })

it('tells discharges and calibrations with how long they took', () => {
  const events = eventsOfStatus('UPS1', [at(0, 'OL'), at(20, 'OB DISCHRG'), at(32, 'OL CHRG'), at(50, 'OL CAL'), at(65, 'OL')], range)
  expect(events).toEqual([
    { device: 'UPS1', atMs: 20 * MINUTE_MS, text: { zh: '电池放电 12 分钟', en: 'Discharged on battery for 12 min' } },
    { device: 'UPS1', atMs: 50 * MINUTE_MS, text: { zh: '电池校准测试 15 分钟', en: 'Battery calibration test for 15 min' } },
  ])
})

it('tells what goes on still, and what began before counts from the beginning of the time', () => {
  const [bypass, battery] = eventsOfStatus('UPS1', [at(0, 'OL BYPASS'), at(30, 'OL'), at(95, 'OB LB')], range)
  expect(bypass).toMatchObject({ atMs: range.fromMs, text: { zh: '旁路 20 分钟' } })
  expect(battery?.text.en).toBe('Discharged on battery, for 5 min and going on')
})

it('is one discharge however often the status changes meanwhile', () => {
  const changes = [at(20, 'OB'), at(21, 'OB DISCHRG'), at(22, 'OB DISCHRG LB'), at(23, 'OL')]
  expect(eventsOfStatus('UPS1', changes, range).map(({ text }) => text.zh)).toEqual(['电池放电 3 分钟', '电池电量低 1 分钟'])
})

it('has nothing to tell of a UPS that was on line all the time', () => {
  expect(eventsOfStatus('UPS1', [at(0, 'OL'), at(40, 'OL CHRG')], range)).toEqual([])
})

it('tells the results of self tests since, not the one before', () => {
  const events = eventsOfTests('UPS1', [at(0, 'Done and passed'), at(40, 'In progress'), at(41, 'Done and passed')], range)
  expect(events.map(({ text }) => text.zh)).toEqual(['自检：In progress', '自检：Done and passed'])
})
