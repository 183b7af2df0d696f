import type { RecordFields } from '@roomkeeper/shared/registers'
import type { Paper, WaitingMove } from '../../client/offline/paper.ts'

interface Written {
  key: string
  register: string
  me: { id: number; name: string }
  about: string
  /** Where it is found once it is sent. */
  path: string
  fields: RecordFields
  waiting: WaitingMove | null
  nowMs: number
}

/** A record that is written in one go and has no page of its own here: sent, and then forgotten by this browser. */
export function onePaper({ key, register, me, about, path, fields, waiting, nowMs }: Written): Paper {
  return {
    key,
    register,
    accountId: me.id,
    by: me.name,
    about,
    path,
    recordId: null,
    scheduleId: null,
    beginWith: null,
    isLetter: true,
    base: {},
    fields,
    revision: 0,
    seen: null,
    sheet: {},
    waiting,
    trouble: null,
    unsentSinceMs: nowMs,
    attempts: 0,
    activeMs: 0,
    touchedAtMs: nowMs,
  }
}
