import { sql } from 'kysely'
import type { Db } from '../database/schema.ts'
import { isMoment } from '../paper/paper-cover.ts'
import { CALLS, cancelCalls } from './outbox.ts'
import { timeText } from './render/alarm-notice.ts'
import { silentWords } from './stages/silence.ts'
import type { Transition } from './transition.ts'

/** Ends what a transition makes needless: the escalation, and calls that were not sent yet. */
export async function settle(transaction: Db, { event, to, atMs, person, alarm }: Transition, nowMs: number): Promise<void> {
  if (to !== 'UNACK') await transaction.deleteFrom('escalation').where('alarmId', '=', alarm.id).execute()
  if (event === 'acknowledge')
    await cancelCalls(transaction, alarm.id, `已由 ${person ?? ''} 确认 / acknowledged by ${person ?? ''} before it was sent`, nowMs)
  // That a door was opened is news also after it was shut.
  if (event === 'clear' && !isMoment(alarm.condition))
    await cancelCalls(transaction, alarm.id, '发送前已恢复 / cleared before it was sent', nowMs)
  const silent = silentWords(to)
  if (silent !== undefined && event !== 'clear') {
    await cancelCalls(transaction, alarm.id, silent, nowMs)
    // What the next summary was to tell; whoever is told when it is released is told then.
    await transaction
      .deleteFrom('noticeLater')
      .where('alarmId', '=', alarm.id)
      .where('outboxId', 'is', null)
      .where('event', '<>', 'clear')
      .execute()
  }
  if (event === 'late-clear') await addEnd(transaction, alarm.id, atMs)
}

/** An excursion that was over when it was learnt of is told by one notice. */
async function addEnd(transaction: Db, alarmId: number, atMs: number): Promise<void> {
  for (const [language, word] of [
    ['zh', '恢复'],
    ['en', 'Cleared'],
  ] as const)
    await transaction
      .updateTable('outbox')
      .set({ text: sql<string>`text || ${`\n${word}: ${timeText(atMs)}`}` })
      .where('alarmId', '=', alarmId)
      .where('state', '=', 'pending')
      .where('kind', 'in', [...CALLS])
      .where('language', '=', language)
      .execute()
}
