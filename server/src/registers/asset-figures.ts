import type { Words } from '@roomkeeper/shared/registers'
import { instantOf, wallTimeOf } from '@roomkeeper/shared/wall-clock'
import type { Db } from '../database/schema.ts'
import { asset } from './definitions/asset.ts'

interface Counts {
  added: number
  removed: number
  changed: number
  /** There at the end. */
  total: number
}

export interface AssetFigures {
  year: number
  months: ({ month: number } & Counts)[]
  byCategory: ({ category: string; label: Words } & Counts)[]
}

/** One step of an asset's file. */
export interface AssetStep {
  kind: string
  fromState: string
  toState: string
  atMs: number
  category: string
}

/** States in which an asset counts as being there. */
const THERE = new Set(asset.states.filter(({ phase }) => phase === 'kept').map(({ name }) => name))
const CATEGORIES = asset.fields.flatMap((field) => (field.key === 'category' && field.type === 'choice' ? field.choices : []))

/** Regulation T1: increases, decreases and changes of a year, by month and by category. Pure. A category is the one that the asset has now. */
export function countAssetSteps(steps: readonly AssetStep[], year: number, timeZone: string): AssetFigures {
  const none = (): Counts => ({ added: 0, removed: 0, changed: 0, total: 0 })
  const months = Array.from({ length: 12 }, (_, index) => ({ month: index + 1, ...none() }))
  const byCategory = new Map(CATEGORIES.map(({ value, label }) => [value, { category: value, label, ...none() }]))
  let before = 0
  for (const step of steps) {
    const { year: stepYear, month } = wallTimeOf(step.atMs, timeZone)
    if (stepYear > year) continue
    const category = byCategory.get(step.category)
    const change = changeOf(step)
    const delta = change === 'added' ? 1 : change === 'removed' ? -1 : 0
    if (category) category.total += delta
    if (stepYear < year) before += delta
    else if (change !== null) {
      const inMonth = months[month - 1]
      if (inMonth) inMonth[change]++
      if (category) category[change]++
    }
  }
  for (const month of months) {
    before += month.added - month.removed
    month.total = before
  }
  return { year, months, byCategory: [...byCategory.values()] }
}

function changeOf({ kind, fromState, toState }: AssetStep): 'added' | 'removed' | 'changed' | null {
  const [was, is] = [THERE.has(fromState), THERE.has(toState)]
  if (kind === 'move' && was !== is) return is ? 'added' : 'removed'
  return is && (kind === 'move' || kind === 'save' || kind === 'amend') ? 'changed' : null
}

export async function assetFigures(db: Db, year: number, timeZone: string): Promise<AssetFigures> {
  const endMs = instantOf({ year: year + 1, month: 1, day: 1, hour: 0, minute: 0 }, timeZone)
  const records = await db.selectFrom('registerRecord').select(['id', 'fieldsJson']).where('register', '=', asset.name).execute()
  const categoryOf = new Map(
    records.map(({ id, fieldsJson }) => [id, String((JSON.parse(fieldsJson) as { category?: unknown }).category ?? '')]),
  )
  const steps = await db
    .selectFrom('registerStep')
    .innerJoin('registerRecord', 'registerRecord.id', 'registerStep.recordId')
    .select(['registerStep.recordId', 'registerStep.kind', 'registerStep.fromState', 'registerStep.toState', 'registerStep.atMs'])
    .where('registerRecord.register', '=', asset.name)
    .where('registerStep.kind', 'in', ['move', 'save', 'amend'])
    .where('registerStep.atMs', '<', endMs)
    .orderBy('registerStep.id')
    .execute()
  return countAssetSteps(
    steps.map((step) => ({ ...step, category: categoryOf.get(step.recordId) ?? '' })),
    year,
    timeZone,
  )
}
