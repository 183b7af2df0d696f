import pino from 'pino'
import { expect, test } from 'vitest'
import { createRefusals } from './refusals.ts'

function setUp() {
  const lines: Record<string, unknown>[] = []
  const clock = { atMs: 0, nowMs: () => clock.atMs }
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { lines, clock, refusals: createRefusals(log, clock) }
}

test('a peer that repeats itself fills one line a minute, and every time is counted', () => {
  const { lines, clock, refusals } = setUp()
  for (let second = 0; second < 90; second += 1) {
    clock.atMs = second * 1000
    refusals.add('credential', { username: 'u', address: '10.0.0.1' }, 'wrong password')
  }
  expect(refusals.counts()).toEqual({ credential: 90 })
  expect(lines.map((line) => line.leftOut)).toEqual([0, 59])
})

test('another kind and another peer are lines of their own', () => {
  const { lines, refusals } = setUp()
  refusals.add('credential', { username: 'u', address: '10.0.0.1' }, 'x')
  refusals.add('publish', { username: 'u', address: '10.0.0.1' }, 'x')
  refusals.add('credential', { username: 'u', address: '10.0.0.2' }, 'x')
  expect(lines).toHaveLength(3)
})

test('ten thousand strangers do not stay in the memory, and a long name is cut', () => {
  const { lines, refusals } = setUp()
  for (let stranger = 0; stranger < 10_000; stranger += 1) refusals.add('credential', { username: `${stranger}`, address: 'a' }, 'x')
  // The first was forgotten meanwhile, so it is news again.
  refusals.add('credential', { username: '0', address: 'a' }, 'x')
  expect(lines).toHaveLength(10_001)
  refusals.add('credential', { username: 'x'.repeat(60_000), address: 'a' }, 'x')
  expect(JSON.stringify(lines.at(-1)).length).toBeLessThan(500)
})
