import { describe, expect, it } from 'vitest'
import { everyRow } from './pages.ts'

describe('everyRow', () => {
  it.each([0, 1, 499, 500, 501, 1700])('reads all of %i rows, each once', async (count) => {
    const all = Array.from({ length: count }, (_, at) => ({ id: count - at }))
    let reads = 0
    const rows = await everyRow(({ limit, before }) => {
      reads++
      return Promise.resolve(all.filter(({ id }) => before === undefined || id < before).slice(0, limit))
    })
    expect(rows).toEqual(all)
    expect(reads).toBe(Math.floor(count / 500) + 1)
  })
})
