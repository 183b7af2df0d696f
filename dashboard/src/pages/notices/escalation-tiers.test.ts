import { describe, expect, it } from 'vitest'
import { draftOf, type Tier, tierProblems, tiersOf } from './escalation-tiers.ts'

const onDuty: Tier = { afterMinutes: 0, who: { kind: 'on-duty' } }
const keepers: Tier = { afterMinutes: 10, who: { kind: 'roles', roles: ['room-keeper'] } }
const zhang: Tier = { afterMinutes: 30, who: { kind: 'accounts', accountIds: [7] } }

describe('escalation tiers', () => {
  it('are edited and saved as they were, in the order of time', () => {
    expect(tiersOf([zhang, onDuty, keepers].map(draftOf))).toEqual([onDuty, keepers, zhang])
  })

  it('name what is missing, and the later of two at the same minute', () => {
    const drafts = [
      draftOf(onDuty, 0),
      { ...draftOf(keepers, 1), roles: [] },
      { ...draftOf(zhang, 2), afterMinutes: null },
      { ...draftOf(zhang, 3), afterMinutes: 0 },
      draftOf(zhang, 4),
    ]
    expect([...tierProblems(drafts)]).toEqual([
      [1, 'who'],
      [2, 'minutes'],
      [3, 'same-minute'],
    ])
  })
})
