import type { AllClearPlan, DrillPlan } from '@roomkeeper/shared/http'
import { allClearPlanSchema, drillPlanSchema } from '@roomkeeper/shared/http'
import { z } from 'zod'
import type { Db } from '../database/schema.ts'

/** Proposed until somebody says otherwise: a weekday morning, when those who could mend something are there. */
export const DEFAULT_DRILL_PLAN: DrillPlan = { enabled: true, day: 3, at: '10:00', failsAfterMinutes: 30 }
/** Whom to tell is for people to say. */
export const DEFAULT_ALL_CLEAR_PLAN: AllClearPlan = { enabled: false, at: '08:00', contactIds: [], channelIds: [] }

const timeSchema = z.number().nullable()

/** What the proof keeps in the table `setting`, with what counts until it is set. */
export const PROOF_SETTINGS = {
  drillPlan: { name: 'proof.drill', schema: drillPlanSchema, initial: DEFAULT_DRILL_PLAN },
  /** Every plan time up to here was held or let go. */
  drillDoneUntilMs: { name: 'proof.drill-done-until', schema: timeSchema, initial: null },
  allClearPlan: { name: 'proof.all-clear', schema: allClearPlanSchema, initial: DEFAULT_ALL_CLEAR_PLAN },
  allClearDoneUntilMs: { name: 'proof.all-clear-done-until', schema: timeSchema, initial: null },
  allClearLastAtMs: { name: 'proof.all-clear-last', schema: timeSchema, initial: null },
} as const

type ProofSettings = typeof PROOF_SETTINGS
type ProofSetting = keyof ProofSettings
type ValueOf<Name extends ProofSetting> = z.output<ProofSettings[Name]['schema']>

/** The stored value; the initial one when there is none, or none that can be understood. */
export async function readProofSetting<Name extends ProofSetting>(db: Db, setting: Name): Promise<ValueOf<Name>> {
  const { name, schema, initial } = PROOF_SETTINGS[setting]
  const row = await db.selectFrom('setting').select('valueJson').where('name', '=', name).executeTakeFirst()
  const parsed = row && schema.safeParse(JSON.parse(row.valueJson))
  return (parsed?.success ? parsed.data : initial) as ValueOf<Name>
}

export async function writeProofSetting<Name extends ProofSetting>(transaction: Db, setting: Name, value: ValueOf<Name>): Promise<void> {
  const { name } = PROOF_SETTINGS[setting]
  const valueJson = JSON.stringify(value)
  await transaction
    .insertInto('setting')
    .values({ name, valueJson })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ valueJson }))
    .execute()
}
