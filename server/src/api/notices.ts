import { createChannelHandlers } from './notices/channels.ts'
import { createContactHandlers } from './notices/contacts.ts'
import type { NoticesDeps } from './notices/deps.ts'
import { createEscalationHandlers } from './notices/escalation.ts'
import { createOutboxHandlers } from './notices/outbox.ts'
import { createShiftHandlers } from './notices/shifts.ts'

export type { NoticesDeps }

/** Telling people: channels, contacts, the outbox, the escalation and the roster. */
export function createNoticeHandlers(deps: NoticesDeps) {
  return {
    ...createChannelHandlers(deps),
    ...createContactHandlers(deps),
    ...createOutboxHandlers(deps),
    ...createEscalationHandlers(deps),
    ...createShiftHandlers(deps),
  }
}
