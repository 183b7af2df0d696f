import { describe, expect, it } from 'vitest'
import { originRefusal } from './origin.ts'

const ALLOWED = ['https://rooms.hospital.example']
const refusal = (origin: string | undefined, host: string | undefined, fetchSite?: string) =>
  originRefusal({ origin, host, fetchSite }, ALLOWED)

describe('originRefusal', () => {
  it.each([
    ['http://server:8080', 'server:8080', undefined],
    ['http://server', 'server:80', undefined],
    ['https://server', 'server', 'same-origin'],
    ['https://server', 'server:443', undefined],
    ['http://[::1]:8080', '[::1]:8080', undefined],
    ['https://rooms.hospital.example', 'internal:8080', 'cross-site'],
    [undefined, 'server:8080', undefined],
    [undefined, 'server:8080', 'same-origin'],
    [undefined, 'server:8080', 'none'],
  ])('allows %s at %s (%s)', (origin, host, fetchSite) => {
    expect(refusal(origin, host, fetchSite)).toBeNull()
  })

  it.each([
    ['http://evil.example', 'server:8080', undefined],
    ['http://server:9090', 'server:8080', undefined],
    ['http://server.evil.example', 'server', undefined],
    ['null', 'server:8080', undefined],
    ['', 'server:8080', undefined],
    ['http://rooms.hospital.example', 'internal:8080', undefined],
    ['http://server', undefined, undefined],
    [undefined, 'server:8080', 'cross-site'],
    [undefined, 'server:8080', 'same-site'],
  ])('refuses %s at %s (%s)', (origin, host, fetchSite) => {
    expect(refusal(origin, host, fetchSite)).not.toBeNull()
  })
})
