import type { FirstRun } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { nextStep, rolesFor, STEP_NAMES, stepsOf } from './steps.ts'

const FRESH: FirstRun = {
  rooms: [],
  agents: { paired: 0, arrived: 0, codes: 0 },
  devices: { confirmed: 0, waiting: 0 },
  onDuty: [],
  channels: { enabled: 0, proved: 0 },
  drills: { passed: 0, running: 0 },
  putOff: null,
}
const stateOf = (patch: Partial<FirstRun>) =>
  Object.fromEntries(stepsOf({ ...FRESH, ...patch }, false).map(({ name, state }) => [name, state]))

describe('the guide’s steps', () => {
  it('of a fresh server: only the password is done', () => {
    expect(stateOf({})).toEqual({
      password: 'done',
      room: 'todo',
      agent: 'todo',
      device: 'todo',
      duty: 'todo',
      channel: 'todo',
      drill: 'todo',
    })
    expect(nextStep(stepsOf(FRESH, false))?.name).toBe('room')
    expect(nextStep(stepsOf(FRESH, true))?.name).toBe('password')
  })

  it.each([
    ['agent', { agents: { paired: 0, arrived: 0, codes: 1 } }, { agents: { paired: 1, arrived: 1, codes: 0 } }],
    ['agent', { agents: { paired: 1, arrived: 0, codes: 0 } }, { agents: { paired: 1, arrived: 1, codes: 1 } }],
    ['device', { devices: { confirmed: 0, waiting: 3 } }, { devices: { confirmed: 1, waiting: 2 } }],
    ['channel', { channels: { enabled: 2, proved: 0 } }, { channels: { enabled: 2, proved: 1 } }],
    ['drill', { drills: { passed: 0, running: 1 } }, { drills: { passed: 1, running: 1 } }],
  ] as [string, Partial<FirstRun>, Partial<FirstRun>][])('%s: waits, then is done', (name, waiting, done) => {
    expect(stateOf(waiting)[name]).toBe('waiting')
    expect(stateOf(done)[name]).toBe('done')
  })

  it('end when all is done, and each can be done by somebody', () => {
    const all: FirstRun = {
      rooms: [{ site: '总院', name: '中心机房' }],
      agents: { paired: 1, arrived: 1, codes: 0 },
      devices: { confirmed: 1, waiting: 0 },
      onDuty: ['张伟'],
      channels: { enabled: 1, proved: 1 },
      drills: { passed: 1, running: 0 },
      putOff: null,
    }
    expect(nextStep(stepsOf(all, false))).toBeUndefined()
    for (const name of STEP_NAMES) expect(rolesFor(name), name).toContain('system-administrator')
  })
})
