import { type CombinationKind, type Limit, limitSchema } from '@roomkeeper/shared/model'
import { z } from 'zod'
import type { Db } from '../../database/schema.ts'

/** A combination in its newest version. */
export interface CombinationRow {
  id: number
  roomId: number
  version: number
  name: string
  combination: CombinationKind
  pointIds: number[]
  kind: string
  unit: string
  limits: Limit[]
  enabled: boolean
  author: string
  reason: string
  atMs: number
  stateJson: string
}

const pointIdsSchema = z.array(z.number())

/** Those that are not removed, by their id. */
export async function combinationRows(db: Db, id?: number): Promise<CombinationRow[]> {
  let query = db
    .selectFrom('combination')
    .innerJoin('combinationVersion', (join) =>
      join.onRef('combinationVersion.combinationId', '=', 'combination.id').onRef('combinationVersion.version', '=', 'combination.version'),
    )
    .select(['combination.id', 'combination.roomId', 'combination.version', 'combination.stateJson', 'name', 'combination', 'kind', 'unit'])
    .select(['pointIdsJson', 'limitsJson', 'enabled', 'author', 'reason', 'atMs'])
    .where('removedAtMs', 'is', null)
    .orderBy('combination.id')
  if (id !== undefined) query = query.where('combination.id', '=', id)
  return (await query.execute()).map(({ pointIdsJson, limitsJson, enabled, combination, ...row }) => ({
    ...row,
    combination: combination as CombinationKind,
    pointIds: pointIdsSchema.parse(JSON.parse(pointIdsJson)),
    limits: limitSchema.array().parse(JSON.parse(limitsJson)),
    enabled: enabled === 1,
  }))
}
