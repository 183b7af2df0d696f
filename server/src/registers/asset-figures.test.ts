import { expect, it } from 'vitest'
import { type AssetStep, countAssetSteps } from './asset-figures.ts'

const ZONE = 'Asia/Shanghai'
const step = (atMs: number, kind: string, fromState: string, toState: string, category = 'server'): AssetStep => ({
  kind,
  fromState,
  toState,
  atMs,
  category,
})

it('counts increases, decreases and changes by the month of the hospital’s clock', () => {
  const { months, byCategory } = countAssetSteps(
    [
      step(Date.UTC(2025, 5, 1), 'move', 'draft', 'in-use'),
      step(Date.UTC(2025, 5, 1), 'move', 'draft', 'in-use', 'ups'),
      // Saved in 2025, so no change of 2026.
      step(Date.UTC(2025, 6, 1), 'save', 'in-use', 'in-use'),
      // 31 December 20:00 UTC is the new year in Shanghai.
      step(Date.UTC(2025, 11, 31, 20), 'move', 'draft', 'in-use'),
      step(Date.UTC(2026, 1, 3), 'save', 'in-use', 'in-use'),
      step(Date.UTC(2026, 1, 4), 'move', 'in-use', 'repair'),
      step(Date.UTC(2026, 2, 5), 'move', 'repair', 'scrapped'),
      step(Date.UTC(2026, 2, 6), 'move', 'scrapped', 'idle'),
      step(Date.UTC(2026, 3, 1), 'move', 'in-use', 'scrapped', 'ups'),
      // A draft that was thrown away was never there; what is corrected of a scrapped one changes nothing that is there.
      step(Date.UTC(2026, 3, 1), 'move', 'draft', 'discarded'),
      step(Date.UTC(2026, 3, 2), 'amend', 'scrapped', 'scrapped'),
    ],
    2026,
    ZONE,
  )
  expect(months.slice(0, 5)).toEqual([
    { month: 1, added: 1, removed: 0, changed: 0, total: 3 },
    { month: 2, added: 0, removed: 0, changed: 2, total: 3 },
    { month: 3, added: 1, removed: 1, changed: 0, total: 3 },
    { month: 4, added: 0, removed: 1, changed: 0, total: 2 },
    { month: 5, added: 0, removed: 0, changed: 0, total: 2 },
  ])
  expect(byCategory.find(({ category }) => category === 'server')).toMatchObject({ added: 2, removed: 1, changed: 2, total: 2 })
  expect(byCategory.find(({ category }) => category === 'ups')).toMatchObject({ added: 0, removed: 1, changed: 0, total: 0 })
})
