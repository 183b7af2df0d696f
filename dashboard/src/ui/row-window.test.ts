import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHUNK_ROWS, sameChunks, stretchesOf, type WindowInput } from './row-window.ts'

const input = (patch: Partial<WindowInput>): WindowInput => ({
  rowCount: 10_000,
  heights: new Map(),
  rowHeightPx: 40,
  fromPx: 0,
  toPx: 1000,
  pinned: null,
  ...patch,
})

describe('stretchesOf', () => {
  it('draws what is looked at and leaves out the rest', () => {
    expect(stretchesOf(input({ fromPx: 8000, toPx: 9000 }))).toEqual([
      { kind: 'gap', firstChunk: 0, heightPx: 8000 },
      { kind: 'chunk', chunk: 10 },
      { kind: 'chunk', chunk: 11 },
      { kind: 'gap', firstChunk: 12, heightPx: 400_000 - 9600 },
    ])
  })

  it('keeps the chunk with the keyboard and its neighbours, wherever one looks', () => {
    const drawn = stretchesOf(input({ fromPx: 8000, toPx: 8100, pinned: 2 })).flatMap((each) => (each.kind === 'chunk' ? [each.chunk] : []))
    expect(drawn).toEqual([1, 2, 3, 10])
  })

  it('counts measured heights instead of the estimate', () => {
    const stretches = stretchesOf(input({ heights: new Map([[0, 5000]]), fromPx: 5000, toPx: 5100 }))
    expect(stretches.slice(0, 2)).toEqual([
      { kind: 'gap', firstChunk: 0, heightPx: 5000 },
      { kind: 'chunk', chunk: 1 },
    ])
  })

  it('is as high as the whole table, holds every row once, and is never without a chunk', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: -200_000, max: 200_000 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.option(fc.nat(200), { nil: null }),
        (rowCount, fromPx, sizePx, pinned) => {
          const stretches = stretchesOf(input({ rowCount, fromPx, toPx: fromPx + sizePx, pinned }))
          const chunkPx = (chunk: number) => Math.min(CHUNK_ROWS, rowCount - chunk * CHUNK_ROWS) * 40
          const heightPx = stretches.reduce((sum, each) => sum + (each.kind === 'gap' ? each.heightPx : chunkPx(each.chunk)), 0)
          expect(heightPx).toBe(rowCount * 40)
          const drawn = stretches.flatMap((each) => (each.kind === 'chunk' ? [each.chunk] : []))
          expect(drawn.length).toBeGreaterThan(0)
          expect(drawn.length).toBeLessThanOrEqual(Math.ceil(sizePx / (CHUNK_ROWS * 40)) + 4)
          expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual(drawn)
        },
      ),
    )
  })

  it('windows with the same chunks are the same', () => {
    const before = stretchesOf(input({}))
    expect(sameChunks(before, stretchesOf(input({ heights: new Map([[0, 790]]) })))).toBe(true)
    expect(sameChunks(before, stretchesOf(input({ fromPx: 8000, toPx: 9000 })))).toBe(false)
  })
})
