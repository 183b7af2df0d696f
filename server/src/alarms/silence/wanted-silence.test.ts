import { ALARM_CONDITIONS, ALARM_PRIORITIES, POINT_KINDS } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { announceAtMs } from './announce-ends.ts'
import { canFold, isMainsLost } from './suppression-rules.ts'
import { AFTER_CAUSE_MS, type CauseFact, type HoldFact, type SilenceFacts, type SilenceSubject, wantedSilence } from './wanted-silence.ts'

const NOW_MS = 10_000_000
const NONE: SilenceFacts = { holds: [], windows: [], causes: [], papers: [] }
const phase: SilenceSubject = {
  alarmId: 7,
  source: 'point',
  sourceId: 70,
  condition: 'low',
  priority: 'high',
  state: 'UNACK',
  active: true,
  roomId: 1,
  deviceId: 2,
  pointId: 70,
  beganAtMs: NOW_MS,
  recordedAtMs: NOW_MS,
  causeId: null,
  recordId: null,
  kind: 'voltage',
  key: 'input.L2-N.voltage',
  value: 0,
}
const hold = (more: Partial<HoldFact>): HoldFact => ({
  ...{
    id: 1,
    kind: 'out-of-service',
    scope: 'room',
    scopeId: 1,
    source: null,
    sourceId: null,
    condition: null,
    by: 'Li Na',
    reason: '检修',
  },
  ...more,
})
const cause = (more: Partial<CauseFact> = {}): CauseFact => ({ alarmId: 3, roomId: 1, beganAtMs: NOW_MS - 1000, goneAtMs: null, ...more })
const why = (subject: SilenceSubject, facts: Partial<SilenceFacts>) => wantedSilence(subject, { ...NONE, ...facts }, NOW_MS)?.why ?? null

describe('what keeps an alarm silent', () => {
  it.each([
    ['its room', { scope: 'room', scopeId: 1 }, true],
    ['another room', { scope: 'room', scopeId: 2 }, false],
    ['its device', { scope: 'device', scopeId: 2 }, true],
    ['another device', { scope: 'device', scopeId: 3 }, false],
    ['its point', { scope: 'point', scopeId: 70 }, true],
    ['another point', { scope: 'point', scopeId: 7 }, false],
    ['this alarm', { scope: 'alarm', scopeId: 5, source: 'point', sourceId: 70, condition: 'low' }, true],
    ['another limit of its point', { scope: 'alarm', scopeId: 7, source: 'point', sourceId: 70, condition: 'high' }, false],
  ])('is a hold on %s: %o, %s', (_what, scope, isSilent) => {
    expect(why(phase, { holds: [hold(scope)] })).toBe(isSilent ? 'out-of-service' : null)
  })

  it('is work on the thing before shelving, and both before the design', () => {
    const shelf = hold({ id: 2, kind: 'shelve', scope: 'alarm', source: 'point', sourceId: 70, condition: 'low' })
    const window = { id: 9, scope: 'device', scopeId: 2, title: '月检' }
    const all = { holds: [shelf, hold({})], windows: [window], causes: [cause()] }
    expect(why(phase, all)).toBe('out-of-service')
    expect(why(phase, { ...all, holds: [shelf] })).toBe('maintenance-window')
    expect(why(phase, { ...all, holds: [shelf], windows: [] })).toBe('shelved')
    expect(why(phase, { causes: [cause()] })).toBe('consequence-of-mains-loss')
  })

  it('is nothing for what waits for a person after it has returned', () => {
    expect(why({ ...phase, state: 'RTNUN', active: false }, { holds: [hold({})], causes: [cause()] })).toBeNull()
  })
})

describe('suppression by design', () => {
  it.each([
    ['raised after its cause', {}, {}, true],
    ['seen a minute before its cause', { beganAtMs: NOW_MS - 61_000 }, {}, true],
    ['older than its cause', { beganAtMs: NOW_MS - 200_000 }, {}, false],
    ['in another room', {}, { roomId: 2 }, false],
    ['critical', { priority: 'critical' }, {}, false],
    ['in hand already', { state: 'ACKED' }, {}, false],
    ['the first itself', { alarmId: 3 }, {}, false],
    ['of a sagging output', { key: 'output.voltage' }, {}, false],
    ['a temperature', { kind: 'temperature', condition: 'high', key: 't' }, {}, false],
    ['a cooling fault', { kind: 'cooling-fault', condition: 'state', key: 'fault', value: true }, {}, true],
    ['another UPS on battery', { kind: 'ups-status', condition: 'state', key: 'ups.status', value: 'OB DISCHRG' }, {}, true],
    ['a UPS whose battery is low', { kind: 'ups-status', condition: 'state', key: 'ups.status', value: 'OB LB' }, {}, false],
    ['a UPS that is overloaded too', { kind: 'ups-status', condition: 'state', key: 'ups.status', value: 'OB OVER' }, {}, false],
    ['a fault of a UPS on line', { kind: 'ups-status', condition: 'state-notice', key: 'ups.status', value: 'OL RB' }, {}, false],
    ['its cause is gone', {}, { goneAtMs: NOW_MS - 1000 }, false],
  ] as const)('of an alarm %s %o %o: %s', (_what, subject, ofCause, isFolded) => {
    expect(why({ ...phase, ...subject }, { causes: [cause(ofCause)] })).toBe(isFolded ? 'consequence-of-mains-loss' : null)
  })

  it('goes on for a minute after the cause has gone, and ends when the clock is set back', () => {
    const folded = { ...phase, state: 'DSUPR', causeId: 3 } as const
    const at = (goneAtMs: number) => why(folded, { causes: [cause({ goneAtMs })] })
    expect(at(NOW_MS - AFTER_CAUSE_MS + 1)).toBe('consequence-of-mains-loss')
    expect([at(NOW_MS - AFTER_CAUSE_MS), at(NOW_MS + 5000)]).toEqual([null, null])
  })

  it('is under the earliest that stands, or another when that one goes', () => {
    const causes = [cause({ alarmId: 5, beganAtMs: NOW_MS }), cause({ alarmId: 4, beganAtMs: NOW_MS - 9000 })]
    expect(wantedSilence(phase, { ...NONE, causes }, NOW_MS)?.causeId).toBe(4)
    const gone = causes.map((one) => (one.alarmId === 4 ? { ...one, goneAtMs: NOW_MS - 1 } : one))
    expect(wantedSilence({ ...phase, state: 'DSUPR', causeId: 4 }, { ...NONE, causes: gone }, NOW_MS)?.causeId).toBe(5)
  })

  it('never folds what calls for something else to be done', () => {
    const never = ['temperature', 'humidity', 'leak', 'smoke', 'door', 'battery-charge', 'battery-runtime', 'battery-temperature', 'load']
    for (const kind of never)
      for (const condition of ALARM_CONDITIONS)
        for (const value of [true, 0, 'OB']) expect(canFold({ kind, key: 'k', condition, priority: 'high', value })).toBe(false)
    for (const kind of Object.keys(POINT_KINDS))
      for (const condition of ALARM_CONDITIONS)
        expect(canFold({ kind, key: 'input', condition, priority: 'critical', value: 'OB' })).toBe(false)
    expect(
      ALARM_PRIORITIES.some((priority) => canFold({ kind: null, key: null, condition: 'device-offline', priority, value: null })),
    ).toBe(false)
  })

  it('takes a dead input and a UPS on battery for lost mains, not an empty battery or an output', () => {
    const facts = { key: 'input.voltage', condition: 'low', priority: 'high', value: 0 } as const
    expect(isMainsLost({ ...facts, kind: 'voltage' })).toBe(true)
    expect(isMainsLost({ ...facts, kind: 'voltage', condition: 'high' })).toBe(false)
    expect(isMainsLost({ ...facts, kind: 'voltage', key: 'output.L1-N.voltage' })).toBe(false)
    expect(isMainsLost({ ...facts, kind: 'ups-status', condition: 'state', value: 'OB' })).toBe(true)
    expect(isMainsLost({ ...facts, kind: 'ups-status', condition: 'state', value: 'OL OVER' })).toBe(false)
    expect(isMainsLost({ ...facts, kind: 'battery-charge' })).toBe(false)
  })
})

describe('the end of a hold', () => {
  it.each([
    ['a day: 10 minutes before', { fromMs: 0, untilMs: 86_400_000, announcedAtMs: null }, 86_400_000 - 600_000],
    ['20 minutes: a quarter before', { fromMs: 0, untilMs: 1_200_000, announcedAtMs: null }, 900_000],
    ['announced already', { fromMs: 0, untilMs: 1_200_000, announcedAtMs: 900_000 }, null],
    ['without an end: after 30 days', { fromMs: 0, untilMs: null, announcedAtMs: null }, 30 * 86_400_000],
    ['and after 30 more', { fromMs: 0, untilMs: null, announcedAtMs: 30 * 86_400_000 }, 60 * 86_400_000],
  ])('of %s', (_what, given, expected) => {
    expect(announceAtMs(given)).toBe(expected)
  })
})
