import { describe, expect, it } from 'vitest'
import { incidentFigures, type MeasuredIncident } from './incident-figures.ts'
import { incidentSpans } from './incident-times.ts'

const MARCH_MS = new Date(2026, 2, 10).getTime()
const APRIL_MS = new Date(2026, 3, 10).getTime()

function measured(facts: Partial<MeasuredIncident>): MeasuredIncident {
  return { openedAtMs: MARCH_MS, isOpen: false, faultClass: 'power', acknowledgedMs: null, recoveredMs: null, ...facts }
}

describe('incidentFigures', () => {
  it('has no means where there is nothing to measure', () => {
    const none = { count: 0, open: 0, mttaMs: null, mttaP90Ms: null, mttrMs: null, mttrP90Ms: null }
    expect(incidentFigures([])).toEqual({ all: none, byClass: [], byMonth: [] })
    expect(incidentFigures([measured({ isOpen: true })]).all).toEqual({ ...none, count: 1, open: 1 })
  })

  it('means what happened: those still open do not count as zero', () => {
    const incidents = Array.from({ length: 10 }, (_, index) => measured({ acknowledgedMs: (index + 1) * 1000 }))
    const { all } = incidentFigures([...incidents, measured({ isOpen: true })])
    expect(all).toMatchObject({ count: 11, open: 1, mttaMs: 5500, mttaP90Ms: 9000, mttrMs: null })
  })

  it('goes by class of fault, most frequent first, and by month, newest first', () => {
    const { byClass, byMonth } = incidentFigures([
      measured({ faultClass: 'power', recoveredMs: 100 }),
      measured({ faultClass: undefined, openedAtMs: APRIL_MS }),
      measured({ faultClass: 'power', recoveredMs: 300, openedAtMs: APRIL_MS }),
    ])
    expect(byClass.map(({ faultClass, count, mttrMs }) => [faultClass, count, mttrMs])).toEqual([
      ['power', 2, 200],
      ['unclassified', 1, null],
    ])
    expect(byMonth.map(({ month, count }) => [month, count])).toEqual([
      ['2026-04', 2],
      ['2026-03', 1],
    ])
  })
})

describe('incidentSpans', () => {
  const times = { beganAtMs: 1000, acknowledgedAtMs: 4000, clearedAtMs: 9000 }
  it('takes the recovery that was filled in, else the end of the last alarm', () => {
    expect(incidentSpans(times, {})).toEqual({ acknowledgedMs: 3000, recoveredMs: 8000 })
    expect(incidentSpans(times, { recoveredAtMs: 6000 })).toEqual({ acknowledgedMs: 3000, recoveredMs: 5000 })
  })
  it('is never negative, and nothing while it goes on', () => {
    expect(incidentSpans({ ...times, acknowledgedAtMs: 500 }, {}).acknowledgedMs).toBe(0)
    expect(incidentSpans({ beganAtMs: 1, acknowledgedAtMs: null, clearedAtMs: null }, {})).toEqual({
      acknowledgedMs: null,
      recoveredMs: null,
    })
  })
})
