import { isTimeZone } from '@roomkeeper/shared/wall-clock'
import { describe, expect, it } from 'vitest'
import { hasDaylightSaving, nextOccurrences, zonedText } from './occurrences.ts'

const utc = (text: string): number => Date.parse(`${text}:00Z`)
const starts = (...input: Parameters<typeof nextOccurrences>): string[] =>
  nextOccurrences(...input).map(({ fromMs, clock }) => `${new Date(fromMs).toISOString().slice(0, 16)} ${clock}`)

describe('the next times of a maintenance window', () => {
  it('keeps its local time over the change of the clocks', () => {
    const sunday = { kind: 'weekly', days: [7], at: '04:00', minutes: 60 } as const
    expect(starts({ ...sunday, days: [7] }, 'America/New_York', utc('2026-03-01T12:00'), 2)).toEqual([
      '2026-03-08T08:00 plain',
      '2026-03-15T08:00 plain',
    ])
    expect(starts({ ...sunday, days: [7] }, 'America/New_York', utc('2026-02-28T12:00'), 1)).toEqual(['2026-03-01T09:00 plain'])
  })
  it('begins at the leap in spring, and once in the night that shows its hour twice', () => {
    const once = (from: string) => ({ kind: 'once', from, minutes: 60 }) as const
    expect(starts(once('2026-03-08T02:30'), 'America/New_York', 0, 1)).toEqual(['2026-03-08T07:00 leapt'])
    expect(starts(once('2026-11-01T01:30'), 'America/New_York', 0, 1)).toEqual(['2026-11-01T05:30 twice'])
    expect(starts(once('2026-10-04T02:15'), 'Australia/Lord_Howe', 0, 1)).toEqual(['2026-10-03T15:30 leapt'])
    expect(starts(once('2026-04-05T01:45'), 'Australia/Lord_Howe', 0, 1)).toEqual(['2026-04-04T14:45 twice'])
  })
  it('leaves out months without the day, and counts the one that is open now', () => {
    const monthly = { kind: 'monthly', day: 31, at: '22:00', minutes: 240 } as const
    expect(starts(monthly, 'Asia/Shanghai', utc('2026-01-31T17:59'), 2)).toEqual(['2026-01-31T14:00 plain', '2026-03-31T14:00 plain'])
    expect(starts(monthly, 'Asia/Shanghai', utc('2026-01-31T18:00'), 1)).toEqual(['2026-03-31T14:00 plain'])
  })
  it('has none left of a single time that is over', () => {
    expect(starts({ kind: 'once', from: '2026-01-01T00:00', minutes: 5 }, 'Asia/Shanghai', utc('2026-01-01T00:00'), 3)).toEqual([])
  })
})

describe('time zones', () => {
  it('knows which change their clocks, and which are none', () => {
    expect(hasDaylightSaving('Europe/Berlin', utc('2026-07-01T00:00'))).toBe(true)
    expect(hasDaylightSaving('Asia/Shanghai', utc('2026-07-01T00:00'))).toBe(false)
    expect(isTimeZone('Mars/Olympus')).toBe(false)
  })
  it('shows a moment by their clock', () => {
    expect(zonedText(utc('2026-06-30T18:30'), 'Asia/Shanghai')).toBe('2026-07-01 02:30')
  })
})
