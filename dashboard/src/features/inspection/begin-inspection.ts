import type { WholeRecord } from '@roomkeeper/shared/http'
import { api } from '../../client/api.ts'
import { newClientKey } from '../../client/offline/client-key.ts'
import { keep, keptOf } from '../../client/offline/kept.ts'
import type { Paper } from '../../client/offline/paper.ts'
import { hasToBeSent, keepPaper, papersStore, sendAll } from '../../client/offline/queue.ts'

interface Begin {
  me: { id: number; name: string }
  room: { id: number; name: string }
  scheduleId: number | null
  isLive: boolean
}

/** Nothing of this room's checklist is in this browser, and the server does not answer. */
export class UnknownChecklistError extends Error {}

const nameOf = (accountId: number, roomId: number) => `sheet.inspection.${accountId}.${roomId}`

/** Before one goes down: the items of this room's last inspection are kept, to begin one without a connection. Only the items: its figures are old. */
export async function keepRoomItems(accountId: number, roomId: number): Promise<void> {
  const [last] = await api.registers.list({ register: 'inspection', roomId, limit: 1 })
  if (!last) return
  const { sheet } = (await api.registers.get({ register: 'inspection', recordId: last.id })) as WholeRecord
  await keep(nameOf(accountId, roomId), { items: sheet.items })
}

/** Begins an inspection in this browser and sends it when it can be; gives the address at which it is filled in. */
export async function beginInspection({ me, room, scheduleId, isLive }: Begin): Promise<string> {
  const kept = await keptOf<Record<string, unknown>>(nameOf(me.id, room.id))
  if (!isLive && !Array.isArray(kept?.value.items)) throw new UnknownChecklistError()
  const key = newClientKey()
  const nowMs = Date.now()
  const paper: Paper = {
    key,
    register: 'inspection',
    accountId: me.id,
    by: me.name,
    about: room.name,
    path: `/inspections/${key}`,
    recordId: null,
    scheduleId,
    beginWith: ['room'],
    base: {},
    fields: { room },
    revision: 0,
    seen: null,
    sheet: kept?.value ?? {},
    waiting: null,
    trouble: null,
    unsentSinceMs: nowMs,
    attempts: 0,
    activeMs: 0,
    touchedAtMs: nowMs,
  }
  await keepPaper(paper)
  // With a connection the sheet comes filled in; the server is waited for only that long.
  if (isLive) await sendAll()
  const now = papersStore.get()?.find((each) => each.key === key)
  if (now && !hasToBeSent(now)) void keep(nameOf(me.id, room.id), { items: now.sheet.items })
  return paper.path
}
