import type { CheckAnswer, ChecklistItem, ChecklistValue, InspectionSheet } from '@roomkeeper/shared/registers'

/** What an item still needs before it can be signed; null: nothing. */
export type Missing = 'answer' | 'measured' | 'note' | 'photo' | null

/** Whether people and sensors say different things about it: that is answered by a note, or by looking again. */
export function isContradicted(item: ChecklistItem, answer: CheckAnswer, sheet: Partial<InspectionSheet>): boolean {
  if (sheet.contradictions?.some((each) => each.item === item.key)) return true
  return alarmsOf(item, answer, sheet).length > 0
}

/** Standing alarms that speak of an item which was not found abnormal. Known without the server, so it is said at once. */
export function alarmsOf(item: ChecklistItem, { result }: CheckAnswer, sheet: Partial<InspectionSheet>): InspectionSheet['openAlarms'] {
  if (result !== 'normal' && result !== 'not-applicable') return []
  return (sheet.openAlarms ?? []).filter(({ items }) => items?.includes(item.key))
}

export function missingOf(item: ChecklistItem, answer: CheckAnswer | undefined, sheet: Partial<InspectionSheet>): Missing {
  if (!answer?.result) return 'answer'
  const hasNote = Boolean(answer.note?.trim())
  if ((answer.result === 'abnormal' || isContradicted(item, answer, sheet)) && !hasNote) return 'note'
  if (answer.result === 'not-applicable') return null
  if (item.measured && typeof answer.measured !== 'number') return 'measured'
  return item.photo && (answer.photos?.length ?? 0) === 0 ? 'photo' : null
}

export interface Progress {
  answered: number
  abnormal: number
  total: number
  /** Keys of what is still to be done, in the order in which one walks. */
  open: string[]
}

export function progressOf(sheet: Partial<InspectionSheet>, answers: ChecklistValue): Progress {
  const items = sheet.items ?? []
  const open = items.filter((item) => missingOf(item, answers[item.key], sheet) !== null).map(({ key }) => key)
  const abnormal = items.filter(({ key }) => answers[key]?.result === 'abnormal').length
  return { answered: items.length - open.length, abnormal, total: items.length, open }
}

/**
 * A second tap so soon after an answer was meant for the item before: answered ones fold up, and the next one comes under the thumb. Nobody attests what
 * they have not seen.
 */
const DOUBLE_TAP_MS = 350

export function isDoubleTap(lastMs: number, nowMs: number): boolean {
  return nowMs - lastMs < DOUBLE_TAP_MS
}

/** `160000` → 2 minutes 40. */
export function minutesAndSeconds(ms: number): { minutes: number; seconds: string } {
  const all = Math.round(ms / 1000)
  return { minutes: Math.floor(all / 60), seconds: String(all % 60).padStart(2, '0') }
}
