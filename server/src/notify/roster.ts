import type { Db } from '../database/schema.ts'

export interface OnDuty {
  accountId: number
  name: string
  because: 'shift' | 'switch'
}

/** Whoever is on duty: by a shift of the roster, or by their own switch. Disabled accounts are not. */
export async function onDutyAt(db: Db, nowMs: number): Promise<OnDuty[]> {
  const shifts = await db
    .selectFrom('shift')
    .innerJoin('account', 'account.id', 'shift.accountId')
    .select(['account.id as accountId', 'account.name'])
    .where('shift.toMs', '>', nowMs)
    .where('shift.fromMs', '<=', nowMs)
    .where('account.disabled', '=', 0)
    .orderBy('account.id')
    .execute()
  const switched = await db
    .selectFrom('account')
    .select(['id as accountId', 'name'])
    .where('onDuty', '=', 1)
    .where('disabled', '=', 0)
    .orderBy('id')
    .execute()
  const found = new Map<number, OnDuty>()
  for (const person of shifts) found.set(person.accountId, { ...person, because: 'shift' })
  for (const person of switched) if (!found.has(person.accountId)) found.set(person.accountId, { ...person, because: 'switch' })
  return [...found.values()]
}
