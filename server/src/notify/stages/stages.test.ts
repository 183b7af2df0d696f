import { ALARM_EVENTS, ALARM_PRIORITIES, ALARM_STATES } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffMs } from '../back-off.ts'
import { group } from './group.ts'
import { inhibit } from './inhibit.ts'
import { contactsOf, type RecipientFacts, recipients } from './recipients.ts'
import { silence } from './silence.ts'

const channel = (id: number, isPlace = false, minPriority: 'low' | 'critical' = 'low') => ({ id, isPlace, minPriority })
const contact = (accountId: number, channelId: number, minPriority: 'low' | 'critical' = 'low') => ({
  accountId,
  channelId,
  minPriority,
  name: `person ${accountId}`,
  address: `${accountId}@${channelId}`,
  language: 'zh' as const,
})
const facts = (more: Partial<RecipientFacts>): RecipientFacts => ({
  channels: [channel(1)],
  contacts: [contact(1, 1)],
  onDuty: [1],
  ...more,
})
const high = { priority: 'high' as const, source: 'point', sourceId: 1 }

describe('inhibit', () => {
  it.each([
    ['raise', 'NORM', 'UNACK', 'go-on'],
    ['re-alarm', 'ACKED', 'UNACK', 'go-on'],
    ['clear', 'UNACK', 'RTNUN', 'go-on'],
    ['late-raise', 'NORM', 'UNACK', 'go-on'],
    ['late-raise', 'UNACK', 'UNACK', 'not-needed'],
    ['late-clear', 'UNACK', 'RTNUN', 'not-needed'],
    ['acknowledge', 'UNACK', 'ACKED', 'not-needed'],
    ['step-down', 'UNACK', 'UNACK', 'not-needed'],
    ['release', 'SHLVD', 'UNACK', 'go-on'],
    ['release', 'SHLVD', 'NORM', 'not-needed'],
  ] as const)('%s %s → %s: %s', (event, from, to, decision) => {
    expect(inhibit({ event, from, to }).decision).toBe(decision)
  })
})

describe('silence', () => {
  it('holds for shelved, suppressed and out of service, and for nothing else', () => {
    const silent = ALARM_STATES.filter((to) => silence({ event: 'raise', to }).decision === 'silenced')
    expect(silent).toEqual(['SHLVD', 'DSUPR', 'OOSRV'])
  })

  it('lets the end of what people were told of through: nobody is left hanging', () => {
    expect(ALARM_STATES.map((to) => silence({ event: 'clear', to }).decision)).toEqual(ALARM_STATES.map(() => 'go-on'))
  })
})

describe('group', () => {
  const lately = (count: number, ...incidentIds: number[]) => ({ count, incidentIds: new Set(incidentIds) })
  it('lets the first of an incident through and gathers the next', () => {
    expect(group({ priority: 'high', incidentId: 5 }, lately(0))).toBeNull()
    expect(group({ priority: 'high', incidentId: 5 }, lately(1, 5))).toBe('incident')
    expect(group({ priority: 'high', incidentId: 6 }, lately(1, 5))).toBeNull()
  })
  it('gathers what comes in a flood', () => {
    expect(group({ priority: 'low', incidentId: null }, lately(9))).toBeNull()
    expect(group({ priority: 'low', incidentId: null }, lately(10))).toBe('flood')
  })
  it('never holds back what is critical', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat()), fc.option(fc.nat()), (count, ids, incidentId) => {
        expect(group({ priority: 'critical', incidentId }, lately(count, ...ids))).toBeNull()
      }),
    )
  })
})

describe('recipients', () => {
  it('are those on duty by each contact that wants the priority, and places', () => {
    const answer = recipients(
      high,
      facts({
        channels: [channel(1), channel(2), channel(3, true), channel(4, true, 'critical')],
        contacts: [contact(1, 1), contact(1, 2, 'critical'), contact(2, 1)],
      }),
    )
    expect(answer.to.map(({ accountId, channelId }) => [accountId, channelId])).toEqual([
      [1, 1],
      [null, 3],
    ])
    expect(answer.lack).toBeNull()
  })

  it('say by name why there are none', () => {
    expect(recipients(high, facts({ channels: [] }))).toEqual({ to: [], lack: 'no-channel' })
    expect(recipients(high, facts({ onDuty: [] }))).toEqual({ to: [], lack: 'nobody' })
    expect(recipients(high, facts({ onDuty: [2] }))).toEqual({ to: [], lack: 'nobody' })
    expect(recipients(high, facts({ contacts: [contact(1, 1, 'critical')] }))).toEqual({ to: [], lack: 'below-priority' })
    expect(recipients(high, facts({ channels: [channel(1, true)], contacts: [] })).lack).toBeNull()
    expect(recipients(high, facts({ channels: [channel(1), channel(2, true)], onDuty: [] }))).toMatchObject({
      to: [{ channelId: 2 }],
      lack: 'nobody',
    })
  })

  it('of an alarm about a channel are not told by that channel', () => {
    const both = facts({ channels: [channel(1), channel(2)], contacts: [contact(1, 1), contact(1, 2)] })
    expect(recipients({ ...high, source: 'channel', sourceId: 1 }, both).to.map(({ channelId }) => channelId)).toEqual([2])
    expect(contactsOf([1], { ...high, source: 'channel', sourceId: 1 }, both).map(({ channelId }) => channelId)).toEqual([2])
  })

  it('who are asked for are reached even when they want only more urgent news', () => {
    const answer = contactsOf([1], high, facts({ contacts: [contact(1, 1, 'critical')] }))
    expect(answer).toHaveLength(1)
  })

  it('always come with a reason when there are none', () => {
    const priorities = fc.constantFrom(...ALARM_PRIORITIES)
    const channels = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 4 }), isPlace: fc.boolean(), minPriority: priorities }), {
      selector: ({ id }) => id,
    })
    const contacts = fc.array(
      fc.record({ accountId: fc.integer({ min: 1, max: 3 }), channelId: fc.integer({ min: 1, max: 4 }), minPriority: priorities }),
    )
    fc.assert(
      fc.property(channels, contacts, fc.array(fc.integer({ min: 1, max: 3 })), priorities, (some, reached, onDuty, priority) => {
        const given = {
          channels: some,
          onDuty,
          contacts: reached.map((one) => ({ ...contact(one.accountId, one.channelId), ...one })),
        }
        const { to, lack } = recipients({ ...high, priority }, given)
        expect(to.length > 0 || lack !== null).toBe(true)
      }),
    )
  })
})

describe('stopping stages', () => {
  it('know every event and state, and give a reason with every stop', () => {
    for (const event of ALARM_EVENTS)
      for (const from of ALARM_STATES)
        for (const to of ALARM_STATES)
          for (const answer of [inhibit({ event, from, to }), silence({ event, to })])
            expect(answer.decision === 'go-on' || answer.detail.length > 0).toBe(true)
  })
})

describe('the back-off', () => {
  it('doubles to a minute, spreads by a fifth, and waits as long as it was asked to', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map((attempts) => backOffMs(attempts, 0.5))).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    expect([backOffMs(1, 0), backOffMs(1, 1)]).toEqual([1600, 2400])
    expect(backOffMs(1, 0.5, 90_000)).toBe(90_000)
  })
})
