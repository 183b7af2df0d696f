import type { Logger } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { logHealthChanges } from './health-log.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('says once that a part is ill, and once that it is well again', () => {
  const said: string[] = []
  const log = {
    error: (fields: { part: string }) => said.push(`ill ${fields.part}`),
    info: (fields: { part: string }) => said.push(`well ${fields.part}`),
  }
  let ok = true
  const watch = logHealthChanges(() => ({ readings: { ok, message: 'away' }, broker: { ok: true, message: '' } }), log as unknown as Logger)
  vi.advanceTimersByTime(10_000)
  expect(said).toEqual([])
  ok = false
  vi.advanceTimersByTime(60_000)
  expect(said).toEqual(['ill readings'])
  ok = true
  vi.advanceTimersByTime(60_000)
  expect(said).toEqual(['ill readings', 'well readings'])
  watch.stop()
})
