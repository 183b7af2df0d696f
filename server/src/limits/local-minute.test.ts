import { describe, expect, it } from 'vitest'
import { localMinuteOf } from './local-minute.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function shown(timeZone: string, iso: string): string {
  const minute = localMinuteOf(timeZone)(Date.parse(iso))
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${DAYS[Math.floor(minute / 1440)]} ${two(Math.floor((minute % 1440) / 60))}:${two(minute % 60)}`
}

describe('the local minute of the week', () => {
  it.each([
    ['Asia/Shanghai', '2026-03-02T15:59:59Z', 'Mon 23:59'],
    ['Asia/Shanghai', '2026-03-02T16:00:00Z', 'Tue 00:00'],
    ['UTC', '1969-12-31T23:59:00Z', 'Wed 23:59'],
    ['Asia/Kathmandu', '2026-03-01T18:20:00Z', 'Mon 00:05'],
    ['Europe/Berlin', '2026-03-29T00:59:00Z', 'Sun 01:59'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 'Sun 03:00'],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', 'Sun 02:30'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', 'Sun 02:30'],
    ['America/New_York', '2026-03-08T06:59:00Z', 'Sun 01:59'],
    ['America/New_York', '2026-03-08T07:00:00Z', 'Sun 03:00'],
    ['Australia/Lord_Howe', '2026-04-04T14:59:00Z', 'Sun 01:59'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 'Sun 01:30'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', 'Sun 02:30'],
  ])('%s at %s is %s', (timeZone, iso, expected) => {
    expect(shown(timeZone, iso)).toBe(expected)
  })
})
