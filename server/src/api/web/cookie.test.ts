import { describe, expect, it } from 'vitest'
import { readBearer, readCookie, sessionCookie } from './cookie.ts'

describe('cookies', () => {
  it.each([
    ['roomkeeper_session=abc', 'abc'],
    ['a=1; roomkeeper_session=abc; b=2', 'abc'],
    ['xroomkeeper_session=no; roomkeeper_session=a=b', 'a=b'],
    ['roomkeeper_session', null],
    ['', null],
    [undefined, null],
  ])('reads %s', (header, value) => {
    expect(readCookie(header, 'roomkeeper_session')).toBe(value)
  })

  it('are out of reach of scripts and other sites, and bound to TLS where there is TLS', () => {
    expect(sessionCookie('abc', false)).toBe('roomkeeper_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800')
    expect(sessionCookie('abc', true)).toMatch(/; Secure$/)
    expect(sessionCookie(null, false)).toMatch(/^roomkeeper_session=; .*Max-Age=0$/)
  })

  it.each([
    [undefined, null],
    ['Bearer rk_abc', 'rk_abc'],
    ['bearer rk_abc', 'rk_abc'],
    ['Basic dXNlcjpwYXNz', ''],
    ['Bearer', ''],
    ['Bearer a b', ''],
  ])('reads the bearer token of %s', (header, token) => {
    expect(readBearer(header)).toBe(token)
  })
})
