import { describe, expect, it } from 'vitest'
import { answerFrom, outdatedCaches } from './answer-from.ts'

const ORIGIN = 'https://rooms.hospital.example'
const FILES = new Set(['/favicon.svg'])

describe('where an answer comes from', () => {
  it.each([
    ['GET', '/api/rooms', false, 'server'],
    ['GET', '/api', false, 'server'],
    // An address typed by hand that shows live figures is no page of the dashboard.
    ['GET', '/healthz', true, 'server'],
    ['GET', '/api/docs', true, 'server'],
    ['GET', '/socket.io/?transport=polling', false, 'server'],
    ['POST', '/assets/a-1.js', false, 'server'],
    ['GET', '/', true, 'page'],
    ['GET', '/inspections/7?x=1', true, 'page'],
    ['GET', '/assets/a-1.js', false, 'kept-file'],
    ['GET', '/favicon.svg', false, 'kept-file'],
    ['GET', '/apiary.js', false, 'server'],
  ] as const)('%s %s: %s → %s', (method, path, isNavigation, from) => {
    expect(answerFrom({ method, url: ORIGIN + path, isNavigation }, ORIGIN, FILES)).toBe(from)
  })

  it('leaves other sites alone', () => {
    expect(answerFrom({ method: 'GET', url: 'https://elsewhere.example/assets/a.js', isNavigation: false }, ORIGIN, FILES)).toBe('server')
  })

  it('keeps the version before, because its tabs may still be open', () => {
    expect(outdatedCaches(['rk-1', 'other', 'rk-2', 'rk-3'], 'rk-3', 'rk-')).toEqual(['rk-1'])
    expect(outdatedCaches(['rk-3'], 'rk-3', 'rk-')).toEqual([])
  })
})
