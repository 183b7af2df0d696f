import { describe, expect, it } from 'vitest'
import { IncidentPresence } from './presence.ts'

const zhao = { id: 1, name: '赵', field: null }
const qian = { id: 2, name: '钱', field: null }

describe('IncidentPresence', () => {
  it('names who has a form open, each person once', () => {
    const presence = new IncidentPresence()
    presence.focus('desk', zhao, 7)
    presence.focus('phone', zhao, 7)
    expect(presence.focus('s2', qian, 7)).toEqual([{ incidentId: 7, people: [zhao, qian] }])
    expect(presence.leave('phone')).toEqual([{ incidentId: 7, people: [zhao, qian] }])
    expect(presence.leave('desk')).toEqual([{ incidentId: 7, people: [qian] }])
    expect(presence.all()).toEqual([{ incidentId: 7, people: [qian] }])
  })

  it('tells both incidents when someone goes from one to the other, and nothing when nothing changed', () => {
    const presence = new IncidentPresence()
    presence.focus('s1', zhao, 7)
    expect(presence.focus('s1', zhao, 8)).toEqual([
      { incidentId: 7, people: [] },
      { incidentId: 8, people: [zhao] },
    ])
    expect(presence.focus('s1', zhao, 8)).toEqual([])
    expect(presence.focus('s1', zhao, null)).toEqual([{ incidentId: 8, people: [] }])
    expect(presence.leave('s1')).toEqual([])
    expect(presence.all()).toEqual([])
  })

  it('says in which field each person is, by the screen they moved on last', () => {
    const presence = new IncidentPresence()
    presence.focus('desk', zhao, 7, 'cause')
    expect(presence.focus('desk', zhao, 7, 'cause')).toEqual([])
    expect(presence.focus('s2', qian, 7, 'measures')).toEqual([
      {
        incidentId: 7,
        people: [
          { ...zhao, field: 'cause' },
          { ...qian, field: 'measures' },
        ],
      },
    ])
    presence.focus('phone', zhao, 7)
    expect(presence.all()[0]?.people.find(({ id }) => id === zhao.id)).toEqual({ ...zhao, field: 'cause' })
    presence.focus('phone', zhao, 7, 'note')
    expect(presence.all()[0]?.people.find(({ id }) => id === zhao.id)).toEqual({ ...zhao, field: 'note' })
    presence.focus('desk', zhao, 7)
    presence.focus('phone', zhao, 7)
    expect(presence.all()[0]?.people.find(({ id }) => id === zhao.id)).toEqual(zhao)
  })
})
