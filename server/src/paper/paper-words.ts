import type { RegisterDefinition, Words } from '@roomkeeper/shared/registers'
import type { AlarmRow } from '../alarms/record-transition.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'
import { isAwaitable, isPaperEvent } from './paper-cover.ts'

/** Whether it stands, or stood, for something that has no paper. A drill, and a door of which nobody knows yet, are not asked for one. */
export function isWithoutPaper(alarm: Pick<AlarmRow, 'condition' | 'recordId' | 'state' | 'causeId' | 'drill'>): boolean {
  return isPaperEvent(alarm.condition) && alarm.recordId === null && alarm.drill === 0 && !isAwaited(alarm)
}

/** Suppressed by no cause and covered by no record: the time to check in goes on. */
export function isAwaited({
  condition,
  recordId,
  state,
  causeId,
}: Pick<AlarmRow, 'condition' | 'recordId' | 'state' | 'causeId'>): boolean {
  return isAwaitable(condition) && state === 'DSUPR' && recordId === null && causeId === null
}

/** What is said of an alarm without paper: which registers would have covered it. null: it needs none. */
export function withoutPaperWords(
  alarm: Parameters<typeof isWithoutPaper>[0],
  definitions: readonly RegisterDefinition[] = DEFINITIONS,
): Words | null {
  if (!isWithoutPaper(alarm)) return null
  const titles = definitions.filter(({ covers }) => covers?.events.some((event) => event === alarm.condition)).map(({ title }) => title)
  const kinds = { zh: titles.map(({ zh }) => zh).join('、'), en: titles.map(({ en }) => en.toLowerCase()).join(', ') }
  return {
    zh: kinds.zh === '' ? '无单据' : `无单据: 当时没有${kinds.zh}与之对应`,
    en: kinds.en === '' ? 'Without paper' : `Without paper: no record covers it (${kinds.en})`,
  }
}
