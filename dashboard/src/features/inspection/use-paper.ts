import type { WholeRecord } from '@roomkeeper/shared/http'
import type { RecordFields } from '@roomkeeper/shared/registers'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { queries } from '../../client/api.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { keptOf } from '../../client/offline/kept.ts'
import { type Paper, touched } from '../../client/offline/paper.ts'
import { adoptRecord, editPaper, isUnsent, keepPaper, movedStore, papersStore, sendAll } from '../../client/offline/queue.ts'
import { useMe } from '../../client/session.ts'

export interface Moved {
  record: WholeRecord
  activeMs: number
}

/** How a paper can be shown: still being looked for, being written, just sent, finished and only to be read, or not to be had. */
export type PaperView =
  | { kind: 'loading' }
  | { kind: 'writing'; paper: Paper }
  | { kind: 'moved'; moved: Moved }
  | { kind: 'reading'; record: WholeRecord }
  | { kind: 'elsewhere'; recordId: number }
  | { kind: 'failed'; error: unknown; retry: () => void }

/** The paper of a record (by its number) or of one begun here (by its key), from this browser or the server. */
export function usePaper(register: string, id: string, path: (id: string) => string): PaperView {
  const me = useMe()
  const papers = useExternalStore(papersStore)
  const moved = useExternalStore(movedStore)
  const number = /^\d{1,15}$/.test(id) ? Number(id) : null
  const paper = papers?.find(
    (each) => each.accountId === me.id && each.register === register && (each.key === id || (number !== null && each.recordId === number)),
  )
  const recordId = number ?? paper?.recordId ?? null
  const input = { register, recordId: recordId ?? 0 }
  const query = useQuery({ ...queries.registers.get.queryOptions({ input }), enabled: recordId !== null })
  const record = query.data as WholeRecord | undefined
  const [sentId, setSentId] = useState<number | null>(null)

  useEffect(() => {
    if (papers === null || paper || number !== null) return
    void keptOf<{ recordId: number }>(`sent.${id}`).then((kept) => setSentId(kept?.value.recordId ?? 0))
  }, [papers, paper, number, id])

  const key = paper?.key
  const mayBegin = record?.phase === 'draft' && record.maySave && papers !== null && !paper
  useEffect(() => {
    if (record && mayBegin) void keepPaper(openedPaper(record, me, path(String(record.id)))).catch(() => undefined)
  }, [record, mayBegin, me, path])
  useEffect(() => {
    if (record && key !== undefined) void adoptRecord(key, record)
  }, [record, key])

  const done = [...moved].find(([movedKey, each]) => movedKey === id || each.record.id === number)
  if (paper) return { kind: 'writing', paper }
  if (done) return { kind: 'moved', moved: done[1] }
  if (number === null) {
    if (sentId) return { kind: 'elsewhere', recordId: sentId }
    return sentId === 0 ? { kind: 'failed', error: null, retry: () => undefined } : { kind: 'loading' }
  }
  if (record) return mayBegin ? { kind: 'loading' } : { kind: 'reading', record }
  return query.error ? { kind: 'failed', error: query.error, retry: () => void query.refetch() } : { kind: 'loading' }
}

/** A record of the server as it is first opened here. */
function openedPaper(record: WholeRecord, me: { id: number; name: string }, path: string): Paper {
  return {
    key: `record-${record.register}-${record.id}-${me.id}`,
    register: record.register,
    accountId: me.id,
    by: me.name,
    about: record.roomName ?? record.title,
    path,
    recordId: record.id,
    scheduleId: null,
    beginWith: null,
    base: record.fields,
    fields: record.fields,
    revision: record.revision,
    seen: record,
    sheet: record.sheet,
    waiting: null,
    trouble: null,
    unsentSinceMs: null,
    attempts: 0,
    activeMs: 0,
    touchedAtMs: Date.now(),
  }
}

/** As long as nothing more is typed. */
const SEND_DELAY_MS = 1000
let timer: ReturnType<typeof setTimeout> | undefined

function sendSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(() => void sendAll().catch(() => undefined), SEND_DELAY_MS)
}

/** What the person filled in; kept at once, sent a second later. */
export function changeFields(key: string, change: (fields: RecordFields) => RecordFields): void {
  const nowMs = Date.now()
  void editPaper(key, (now) => ({
    ...now,
    ...touched(now, nowMs),
    fields: change(now.fields),
    unsentSinceMs: now.unsentSinceMs ?? nowMs,
  })).then(sendSoon)
}

/** The person has looked at what others changed, or at why it was refused, and goes on. */
export function goOn(key: string): void {
  void editPaper(key, (now) => ({ ...now, trouble: null })).then(sendSoon)
}

/** Nothing of it is only here. */
export function isAllSent(paper: Paper): boolean {
  return !isUnsent(paper) && paper.recordId !== null
}
