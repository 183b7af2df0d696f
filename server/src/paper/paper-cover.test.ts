import { describe, expect, it } from 'vitest'
import { PAPER_MARGIN_MS, PAPER_WAIT_MS, type PaperFact, type PaperSubject, paperOf, spansOf } from './paper-cover.ts'

const MINUTE_MS = 60_000
const AT_MS = 1_000 * MINUTE_MS

const opening: PaperSubject = {
  condition: 'door-opened',
  roomId: 1,
  deviceId: 5,
  beganAtMs: AT_MS,
  recordedAtMs: AT_MS,
  active: true,
  recordId: null,
}
const visit: PaperFact = {
  recordId: 9,
  number: 'VIS-2026-0009',
  roomId: 1,
  deviceId: null,
  events: ['door-opened'],
  spans: [{ fromMs: AT_MS - MINUTE_MS, toMs: AT_MS + 60 * MINUTE_MS }],
}
const change: PaperFact = {
  ...visit,
  recordId: 7,
  number: 'CHG-2026-0007',
  deviceId: 3,
  events: ['door-opened', 'restarted', 'device-offline', 'device-unknown'],
}
const span = (fromMs: number, toMs: number | null): PaperFact => ({ ...visit, spans: [{ fromMs, toMs }] })
const later = (subject: Partial<PaperSubject>, papers: readonly PaperFact[], afterMs = PAPER_WAIT_MS) =>
  paperOf({ ...opening, ...subject }, papers, AT_MS + afterMs).is

describe('the paper of a door that was opened', () => {
  it.each([
    ['within a visit', span(AT_MS - MINUTE_MS, AT_MS + MINUTE_MS), 'covered'],
    ['before they checked in', span(AT_MS + PAPER_WAIT_MS, null), 'covered'],
    ['too long before', span(AT_MS + PAPER_MARGIN_MS + 1, null), 'missing'],
    ['as they left', span(AT_MS - MINUTE_MS, AT_MS - PAPER_WAIT_MS), 'covered'],
    ['long after they left', span(AT_MS - 60 * MINUTE_MS, AT_MS - PAPER_MARGIN_MS), 'missing'],
    ['in another room', { ...visit, roomId: 2 }, 'missing'],
    ['by a change to another device of the room', change, 'covered'],
    ['by a paper that covers something else', { ...visit, events: ['restarted'] }, 'missing'],
  ] as const)('%s', (_when, paper, expected) => {
    expect(later({}, [paper])).toBe(expected)
  })

  it('is waited for two minutes by the earlier of both clocks', () => {
    expect(later({}, [], PAPER_WAIT_MS - 1)).toBe('awaited')
    expect(later({ beganAtMs: AT_MS + 3_600_000 }, [], PAPER_WAIT_MS)).toBe('missing')
    expect(later({ beganAtMs: AT_MS - 3_600_000 }, [], 0)).toBe('missing')
  })

  it('is what covered it when it happened, also when it ends while the door is open, and is settled when it is shut', () => {
    const ended = span(AT_MS - MINUTE_MS, AT_MS + MINUTE_MS)
    expect(later({ recordId: 9 }, [ended], 300 * MINUTE_MS)).toBe('covered')
    expect(later({ recordId: 9, active: false }, [ended], 300 * MINUTE_MS)).toBe('settled')
    expect(later({ active: false }, [ended], 300 * MINUTE_MS)).toBe('covered')
  })
})

describe('the paper of a device that is offline', () => {
  const offline = { condition: 'device-offline', deviceId: 3 } as const

  it('is about this device, or about the whole room', () => {
    expect(later(offline, [change])).toBe('covered')
    expect(later({ ...offline, deviceId: 4 }, [change])).toBe('missing')
    expect(later(offline, [{ ...change, deviceId: null }])).toBe('covered')
    expect(later(offline, [{ ...change, deviceId: null, roomId: 2 }])).toBe('missing')
  })

  it('holds for as long as it is in force, and one made afterwards excuses nothing', () => {
    expect(later({ ...offline, recordId: 7 }, [change], 61 * MINUTE_MS)).toBe('missing')
    expect(later(offline, [{ ...change, spans: [{ fromMs: AT_MS + 10 * MINUTE_MS, toMs: null }] }], 20 * MINUTE_MS)).toBe('missing')
    const next = { ...change, recordId: 8, spans: [{ fromMs: AT_MS + 50 * MINUTE_MS, toMs: null }] }
    expect(later({ ...offline, recordId: 7 }, [change, next], 70 * MINUTE_MS)).toBe('covered')
  })

  it('is never waited for', () => {
    expect(later(offline, [], 0)).toBe('missing')
  })
})

it('a restart is judged by when it happened, an unknown device by its room', () => {
  expect(later({ condition: 'restarted', deviceId: 3 }, [change], 90 * MINUTE_MS)).toBe('covered')
  expect(later({ condition: 'restarted', deviceId: 4 }, [change])).toBe('missing')
  expect(later({ condition: 'device-unknown', deviceId: 44 }, [change])).toBe('covered')
  expect(later({ condition: 'high' }, [change])).toBe('missing')
})

describe('when a record was in force', () => {
  const steps = [
    { toState: 'draft', atMs: 10 },
    { toState: 'approved', atMs: 20 },
    { toState: 'in-progress', atMs: 30 },
    { toState: 'paused', atMs: 40 },
    { toState: 'in-progress', atMs: 50 },
  ]
  const states = ['approved', 'in-progress']

  it('is in its covering states, as one stretch where they follow each other', () => {
    expect(spansOf(steps, states, { fromMs: null, untilMs: null })).toEqual([
      { fromMs: 20, toMs: 40 },
      { fromMs: 50, toMs: null },
    ])
  })

  it('is between its own beginning and end', () => {
    expect(spansOf(steps, states, { fromMs: 35, untilMs: 60 })).toEqual([
      { fromMs: 35, toMs: 40 },
      { fromMs: 50, toMs: 60 },
    ])
    expect(spansOf(steps, states, { fromMs: 45, untilMs: 50 })).toEqual([])
  })
})
