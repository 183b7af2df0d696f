import { describe, expect, it } from 'vitest'
import { activeScenarios, parseControls, scheduledScenarioSchema } from './scenarios.ts'

const brief = scheduledScenarioSchema.parse({ name: 'mains-lost', atSeconds: 180, forSeconds: 40, everySeconds: 1800 })

describe('activeScenarios', () => {
  it.each([
    [179, undefined],
    [180, 180],
    [219, 180],
    [220, undefined],
    [1980, 1980],
    [2019, 1980],
    [2020, undefined],
  ])('at %i s: begun at %s', (modelSeconds, sinceSeconds) => {
    expect(activeScenarios([brief], {}, {}, modelSeconds)['mains-lost']?.sinceSeconds).toBe(sinceSeconds)
  })

  it('lets the control file outrank the schedule, both ways', () => {
    expect(activeScenarios([brief], { 'mains-lost': false }, {}, 200)).toEqual({})
    const begun = activeScenarios([], { leak: true }, {}, 50)
    expect(begun.leak?.sinceSeconds).toBe(50)
    expect(activeScenarios([], { leak: true }, begun, 51).leak?.sinceSeconds).toBe(50)
  })
})

describe('parseControls', () => {
  it('takes true, false and details', () => {
    expect(parseControls('{"leak": true, "smoke": false, "sensor-lies": {"lie": "jump"}}')).toEqual({
      leak: true,
      smoke: false,
      'sensor-lies': { lie: 'jump', deviceSilentAfterSeconds: 120 },
    })
  })

  it.each([['{"leek": true}'], ['{"leak": "yes"}'], ['{"sensor-lies": {"lie": "maybe"}}']])('names what is allowed for %s', (text) => {
    expect(() => parseControls(text)).toThrow(/scenarios are cooling-fails, mains-lost/)
  })

  it('refuses text that is no JSON', () => {
    expect(() => parseControls('{leak')).toThrow(SyntaxError)
  })
})

describe('the schema of a scheduled scenario', () => {
  it.each([
    [{ name: 'mains-lost', atSeconds: 1, forSeconds: 40, everySeconds: 30 }, 'everySeconds must be longer'],
    [{ name: 'flood', atSeconds: 1, forSeconds: 40 }, 'mains-lost'],
    [{ name: 'leak', atSeconds: -1, forSeconds: 40 }, '>=0'],
  ])('refuses %o', (scenario, message) => {
    const parsed = scheduledScenarioSchema.safeParse(scenario)
    expect(parsed.success).toBe(false)
    expect(parsed.error?.message).toContain(message)
  })
})
