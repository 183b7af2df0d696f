import type { ChecklistItem, ChecklistValue, FollowUp, RecordFields } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'

/** What is to be born of the abnormal items of one thing. */
export interface PlannedFollowUp {
  kind: FollowUp
  items: readonly ChecklistItem[]
  deviceId: number | null
  assetId: number | null
}

/** Abnormal items by what they give rise to: those of one device or asset together, those of the room each for itself. */
export function planFollowUps(items: readonly ChecklistItem[], answers: ChecklistValue): PlannedFollowUp[] {
  const abnormal = items.filter(({ key }) => answers[key]?.result === 'abnormal')
  const kindOf = (item: ChecklistItem): FollowUp => answers[item.key]?.followUp ?? item.followUp ?? 'work-order'
  const groups = Map.groupBy(abnormal, (item) => {
    const { key, deviceId, assetId } = item
    const thing = deviceId !== undefined ? `d${deviceId}` : assetId !== undefined ? `a${assetId}` : key
    return `${kindOf(item)} ${thing}`
  })
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ kind: kindOf(first), items: group, deviceId: first.deviceId ?? null, assetId: first.assetId ?? null }] : []
  })
}

/** What was found, in one line: the thing, then each item with what was written of it. */
export function findingText({ items }: PlannedFollowUp, answers: ChecklistValue): string {
  const [first] = items
  const place = first && (first.deviceId !== undefined || first.assetId !== undefined) ? `${first.group?.zh ?? ''} ` : ''
  return place + items.map((item) => itemText(item, answers)).join('；')
}

function itemText({ key, label, measured }: ChecklistItem, answers: ChecklistValue): string {
  const { note = '', measured: value = null } = answers[key] ?? {}
  const read = value === null ? '' : `（${value} ${unitSymbol(measured?.unit ?? '')}）`
  return `${label.zh}${read}：${note.trim()}`
}

const WHAT_LENGTH = 200
const REASON_LENGTH = 1000

/** The fields of the work order; the rest is filled in by whoever does it. */
export function workOrderFields(
  plan: PlannedFollowUp,
  answers: ChecklistValue,
  inspection: { number: string; roomId: number },
): RecordFields {
  const text = findingText(plan, answers)
  return {
    what: cut(`巡检异常：${text}`, WHAT_LENGTH),
    kind: 'repair',
    reason: cut(`巡检 ${inspection.number}：${text}`, REASON_LENGTH),
    room: { id: inspection.roomId },
    ...(plan.deviceId === null ? {} : { device: { id: plan.deviceId } }),
    ...(plan.assetId === null ? {} : { asset: { id: plan.assetId } }),
  }
}

function cut(text: string, length: number): string {
  const letters = [...text]
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join('')}…`
}
