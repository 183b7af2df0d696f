import { describe, expect, it } from 'vitest'
import { drillSteps, durationText, wasBrowserOnly } from './drill-steps.ts'

const states = (drill: Parameters<typeof drillSteps>[0]) => drillSteps(drill).map(({ state }) => state)

describe('the way of a drill', () => {
  it('waits for one thing at a time', () => {
    const running = { state: 'running', detectedMs: null, firstSentMs: null, acknowledgedMs: null } as const
    expect(states(running)).toEqual(['done', 'waiting', 'next', 'next'])
    expect(states({ ...running, detectedMs: 40, firstSentMs: 900 })).toEqual(['done', 'done', 'done', 'waiting'])
  })
  it('goes on when a person acknowledged before any channel took a notice', () => {
    expect(states({ state: 'running', detectedMs: 40, firstSentMs: null, acknowledgedMs: 900 })).toEqual([
      'done',
      'done',
      'waiting',
      'done',
    ])
  })
  it('shows what never came', () => {
    expect(states({ state: 'failed', detectedMs: 40, firstSentMs: null, acknowledgedMs: null })).toEqual([
      'done',
      'done',
      'missed',
      'missed',
    ])
  })
})

describe('a drill that passed without a message', () => {
  it.each([
    ['passed', 0, true],
    ['passed', 1, false],
    ['running', 0, false],
    ['failed', 0, false],
  ] as const)('%s, %i sent: %s', (state, sent, expected) => {
    expect(wasBrowserOnly({ state, notices: { sent, failed: 0, pending: 0 } })).toBe(expected)
  })
})

describe('a measured duration', () => {
  it.each([
    [0, { unit: 'milliseconds', values: { milliseconds: 0 } }],
    [999, { unit: 'milliseconds', values: { milliseconds: 999 } }],
    [1000, { unit: 'seconds', values: { seconds: '1.0' } }],
    [9949, { unit: 'seconds', values: { seconds: '9.9' } }],
    [9950, { unit: 'seconds', values: { seconds: '10' } }],
    [59_600, { unit: 'minutes', values: { minutes: 1, seconds: 0 } }],
    [125_000, { unit: 'minutes', values: { minutes: 2, seconds: 5 } }],
    [3_599_600, { unit: 'hours', values: { hours: 1, minutes: 0 } }],
    [5_400_000, { unit: 'hours', values: { hours: 1, minutes: 30 } }],
  ])('%d ms', (ms, text) => {
    expect(durationText(ms)).toEqual(text)
  })
})
