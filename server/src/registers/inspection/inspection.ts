import type { Change } from '@roomkeeper/shared/push'
import type { FieldProblem, InspectionSheet, SheetFollowUp } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import { incidentOfRecord } from '../../incidents/incident-of-record.ts'
import { tellPeople } from '../../notify/tell-people.ts'
import type { BehaviourContext, BehaviourRecord, BehaviourResult, RegisterBehaviour } from '../register.ts'
import type { Registers } from '../registers.ts'
import { contradictionsOf, unanswered } from './contradictions.ts'
import { answersOf, createSheetFiller, type FillDeps } from './fill-sheet.ts'
import { findingText, planFollowUps, workOrderFields } from './follow-ups.ts'

export interface InspectionDeps extends FillDeps {
  registers(): Pick<Registers, 'createIn' | 'move'>
  change(change: Change): void
}

/**
 * Regulation I1: the inspection fills itself. Until it is signed its sheet is made anew with each look; signed, it stays. Nothing is taken
 * over from another inspection: no answer, no signature.
 */
export function inspectionBehaviour(deps: InspectionDeps): RegisterBehaviour {
  const fill = createSheetFiller(deps)
  return {
    fill: async (record, nowMs) => asSheet(await fill(record, nowMs)),
    onSave: async (record) => {
      const sheet = sheetOf(record)
      return sheet && { sheet: asSheet({ ...sheet, contradictions: contradictionsOf(sheet, answersOf(record)) }) ?? {} }
    },
    check: async (record) => problemsOf(record),
    onMove: async (record, move, context) => (move.to === 'signed' ? signed(deps, record, context) : undefined),
  }
}

function asSheet(sheet: InspectionSheet | undefined): Record<string, unknown> | undefined {
  return sheet && { ...sheet }
}

/** undefined while no room is chosen. */
function sheetOf(record: BehaviourRecord): InspectionSheet | undefined {
  return Array.isArray(record.sheet.items) ? (record.sheet as unknown as InspectionSheet) : undefined
}

/** A contradiction is neither forbidden nor corrected: somebody says what is the matter with it. */
function problemsOf(record: BehaviourRecord): FieldProblem[] {
  const sheet = sheetOf(record)
  if (!sheet)
    return [
      { key: 'room', message: { zh: '请先选择机房，检查项目随机房而定', en: 'Choose the room first: what is looked at depends on it' } },
    ]
  const answers = answersOf(record)
  return unanswered(contradictionsOf(sheet, answers), answers).map(({ item, message }) => ({
    key: 'checklist',
    path: item,
    message: { zh: `${message.zh}。请在说明中写明原因`, en: `${message.en}. Say in its note what is the matter` },
  }))
}

/** The sheet is frozen, and what is abnormal becomes somebody's work, all in the record's transaction. */
async function signed(deps: InspectionDeps, record: BehaviourRecord, context: BehaviourContext): Promise<BehaviourResult | undefined> {
  const sheet = sheetOf(record)
  if (!sheet) return undefined
  const { transaction, actor, nowMs } = context
  const answers = answersOf(record)
  const followUps: SheetFollowUp[] = []
  for (const plan of planFollowUps(sheet.items, answers)) {
    const items = plan.items.map(({ key }) => key)
    if (plan.kind === 'incident') {
      const note = `巡检 ${record.number}：${findingText(plan, answers)}`
      const noticedAtMs = Math.min(nowMs, ...items.flatMap((key) => answers[key]?.atMs ?? []))
      const finding = { reason: 'inspection', roomId: record.roomId, deviceId: plan.deviceId, noticedAtMs, note, record } as const
      const { incidentId, opened } = await incidentOfRecord(transaction, finding, actor.username, nowMs)
      followUps.push({ items, kind: 'incident', targetId: incidentId, number: `#${incidentId}`, opened })
      if (opened) await tellOfIncident(transaction, incidentId, note, actor.accountId, nowMs)
    } else {
      const fields = workOrderFields(plan, answers, { number: record.number, roomId: record.roomId ?? 0 })
      const { id, number } = await deps.registers().createIn(context, actor, { register: 'work-order', fields })
      followUps.push({ items, kind: 'work-order', targetId: id, number, opened: true })
    }
  }
  for (const { kind, targetId } of followUps)
    await transaction
      .insertInto('registerLink')
      .values({
        recordId: record.id,
        kind: 'follow-up',
        target: kind === 'incident' ? 'incident' : 'record',
        targetId,
        by: actor.name,
        atMs: nowMs,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  return {
    sheet: { ...sheet, contradictions: contradictionsOf(sheet, answers), followUps },
    afterwards: () => handIn(deps, context, followUps),
  }
}

/** Work orders are there already; handed in, they wait for their approval instead of for the inspector. */
async function handIn(deps: InspectionDeps, { actor }: BehaviourContext, followUps: readonly SheetFollowUp[]): Promise<void> {
  for (const { kind, targetId } of followUps) {
    if (kind === 'incident') deps.change({ topic: 'incidents', id: targetId })
    else await deps.registers().move(actor, { register: 'work-order', recordId: targetId, move: 'request', revision: 1 })
  }
}

/** E2: whoever is on duty acts at once, as after an alarm. The inspector knows. */
async function tellOfIncident(transaction: Db, incidentId: number, note: string, inspectorId: number | null, nowMs: number): Promise<void> {
  const people = await transaction.selectFrom('account').select('id').where('onDuty', '=', 1).where('disabled', '=', 0).execute()
  await tellPeople(
    transaction,
    {
      key: `incident-${incidentId}-inspection`,
      accountIds: people.map(({ id }) => id).filter((id) => id !== inspectorId),
      title: { zh: `巡检发现异常：事件 #${incidentId}`, en: `Found by an inspection: incident #${incidentId}` },
      text: { zh: `${note}\n请处理并填写事件记录`, en: `${note}\nTo do: handle it and fill in the record` },
      path: `/incidents/${incidentId}`,
      priority: 'high',
      kind: 'assignment',
      incidentId,
    },
    nowMs,
  )
}
