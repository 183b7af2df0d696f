import type { WholeRecord } from '@roomkeeper/shared/http'
import { api } from '../api.ts'
import { connectionStore } from '../connection.ts'
import { createExternalStore } from '../external-store.ts'
import { queryClient, refetchTopic } from '../query-client.ts'
import { meQuery } from '../session.ts'
import { newClientKey } from './client-key.ts'
import { changeRow, readRow, readRows, removeRow } from './database.ts'
import { failureKindOf, httpRecordServer, refusalOf } from './http-record-server.ts'
import { keep } from './kept.ts'
import { withLease } from './lease.ts'
import type { Paper, PaperFile, Trouble, WaitingMove } from './paper.ts'
import { adopt, nextStep, type Outcome, type PaperStore, sendPaper } from './send-paper.ts'

/** All papers in this browser, of everybody who used it; null until they were read. */
export const papersStore = createExternalStore<readonly Paper[] | null>(null)
/** What was just sent and moved on, by key: the page that shows it says so. */
export const movedStore = createExternalStore<ReadonlyMap<string, { record: WholeRecord; activeMs: number }>>(new Map())
/** Sending now. */
export const isSendingStore = createExternalStore(false)

/** As often as a paper is tried while the server is thought to be there. */
const RETRY_MS = 15_000
const LEASE_AGAIN_MS = 3000
const owner = newClientKey()
const otherTabs = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('roomkeeper-offline')

function show(paper: Paper): void {
  const others = (papersStore.get() ?? []).filter(({ key }) => key !== paper.key)
  papersStore.set([...others, paper])
}

/** Reads them again: at the start, and when another tab changed something. */
export async function loadPapers(): Promise<void> {
  papersStore.set(await readRows<Paper>('papers').catch(() => []))
}

/** Edits under way, by key: what is on the screen is newer than what the database has. */
const editing = new Map<string, number>()

/** Changes it on the screen at once, and in the database behind it: what is typed must not jump. */
export async function editPaper(key: string, change: (paper: Paper) => Paper): Promise<void> {
  const shown = (papersStore.get() ?? []).find((paper) => paper.key === key)
  if (shown) show(change(shown))
  editing.set(key, (editing.get(key) ?? 0) + 1)
  const paper = await changeRow<Paper>('papers', key, (row) => row && change(row)).finally(() => {
    const left = (editing.get(key) ?? 1) - 1
    if (left === 0) editing.delete(key)
    else editing.set(key, left)
  })
  if (paper && !editing.has(key)) show(paper)
}

const store: PaperStore & { put(paper: Paper): Promise<void> } = {
  get: (key) => readRow<Paper>('papers', key),
  put: async (paper) => {
    await changeRow<Paper>('papers', paper.key, () => paper)
    show(paper)
    otherTabs?.postMessage('papers')
  },
  update: async (key, change) => {
    const paper = await changeRow<Paper>('papers', key, (row) => row && change(row))
    if (paper && !editing.has(key)) show(paper)
    otherTabs?.postMessage('papers')
    return paper
  },
  files: async (key) => (await readRows<PaperFile>('files')).filter(({ paperKey }) => paperKey === key),
  removeFile: (id) => removeRow('files', id),
}

/** Begins to keep a paper. Fails when the browser refuses storage; then nothing may be promised. */
export const keepPaper = store.put
export const changePaper = store.update
export const filesOf = store.files

export async function keepFile(file: PaperFile): Promise<void> {
  await changeRow<PaperFile>('files', file.id, () => file)
}

/** Forgets it, with its photos. What the server has stays there. */
export async function discardPaper(key: string): Promise<void> {
  for (const { id } of await store.files(key)) await store.removeFile(id)
  await removeRow('papers', key)
  papersStore.set((papersStore.get() ?? []).filter((paper) => paper.key !== key))
  otherTabs?.postMessage('papers')
}

function isMine(paper: Paper): boolean {
  return paper.accountId === queryClient.getQueryData<{ id: number } | null>(meQuery().queryKey)?.id
}

const deps = { store, server: httpRecordServer, kindOf: failureKindOf, troubleOf: refusalOf }

/** Sends one paper now; other tabs and other papers wait. */
async function sendOne(key: string): Promise<Outcome> {
  const outcome = await sendPaper(key, deps)
  const paper = outcome.kind === 'moved' ? await store.get(key) : undefined
  if (outcome.kind === 'moved' && paper) await finish(paper, outcome.record)
  if (outcome.kind === 'sent' && (await store.get(key))?.isLetter) {
    await discardPaper(key)
    refetchTopic('registers')
  }
  return outcome
}

/** A record that was read again: what others wrote comes in. What is over and has nothing of its own left here is forgotten. */
export async function adoptRecord(key: string, record: WholeRecord): Promise<void> {
  const paper = await store.get(key)
  if (!paper || paper.trouble || paper.waiting || signing.has(key) || record.revision < paper.revision) return
  if (record.phase === 'draft' && record.maySave) {
    if (record.revision > paper.revision) await adopt(key, record, { store })
    return
  }
  if (nextStep(paper) === 'nothing') return discardPaper(key)
  const trouble: Trouble = { kind: 'over', by: record.steps.at(-1)?.by ?? record.changedBy, state: record.state }
  await store.update(key, (now) => (now.waiting ? now : { ...now, trouble, seen: record }))
}

/** Papers that are signed by password just now: a refetch must not take their end for somebody else's. */
const signing = new Set<string>()

/** Signed by password: everything before it is sent first, then the move, now or not at all. The password is kept nowhere. Fails as `api` does. */
export async function moveWithPassword(key: string, move: Omit<WaitingMove, 'drawing' | 'wasOffline'>, password: string): Promise<void> {
  signing.add(key)
  try {
    await sendAll()
    const paper = await store.get(key)
    if (!paper || paper.trouble) return
    if (paper.recordId === null || nextStep(paper) !== 'nothing') throw new TypeError('what was filled in could not be sent')
    const { register, recordId, revision } = paper
    const { roomKey, comment } = move
    const record = (await api.registers.move({
      register,
      recordId,
      revision,
      move: move.move,
      comment,
      signature: { password },
      ...(roomKey === null ? {} : { roomKey }),
    })) as WholeRecord
    await finish(paper, record)
  } finally {
    signing.delete(key)
  }
}

async function finish({ key, activeMs }: Paper, record: WholeRecord): Promise<void> {
  await keep(`sent.${key}`, { recordId: record.id, activeMs })
  movedStore.set(new Map(movedStore.get()).set(key, { record, activeMs }))
  await discardPaper(key)
  refetchTopic('registers')
  refetchTopic('schedules')
}

let running: Promise<void> | undefined
let isWanted = false

/** Sends everything of the person signed in that waits, in the order in which it was written. One at a time; calling it again while it runs makes it look again. */
export function sendAll(): Promise<void> {
  isWanted = true
  running ??= (async () => {
    isSendingStore.set(true)
    try {
      while (isWanted) {
        isWanted = false
        // Another tab is at it; should it have been closed meanwhile, this one goes on.
        if (!(await withLease(owner, sendWaiting))) setTimeout(() => void sendAll().catch(() => undefined), LEASE_AGAIN_MS)
      }
    } finally {
      isSendingStore.set(false)
      running = undefined
    }
  })()
  return running
}

async function sendWaiting(): Promise<void> {
  const papers = (await readRows<Paper>('papers')).filter((paper) => isMine(paper) && hasToBeSent(paper))
  for (const { key } of papers.sort((a, b) => (a.unsentSinceMs ?? 0) - (b.unsentSinceMs ?? 0))) {
    const outcome = await sendOne(key)
    if (outcome.kind === 'later') return
  }
}

/** There is something that the server does not have. */
export function hasToBeSent(paper: Paper): boolean {
  return nextStep(paper) !== 'nothing'
}

/** What people are told of: what waits or needs them, of this browser. */
export function isUnsent(paper: Paper): boolean {
  return paper.trouble !== null || paper.waiting !== null || (paper.unsentSinceMs !== null && nextStep(paper) !== 'nothing')
}

/** Reads what is there, and sends it whenever the server can be reached. */
export function startQueue(): () => void {
  const tryNow = () => {
    if ((papersStore.get() ?? []).some((paper) => isMine(paper) && hasToBeSent(paper))) void sendAll().catch(() => undefined)
  }
  let phase = connectionStore.get().phase
  const stopConnection = connectionStore.subscribe(() => {
    const next = connectionStore.get().phase
    if (next === 'live' && phase !== 'live') tryNow()
    phase = next
  })
  const onMessage = () => void loadPapers()
  otherTabs?.addEventListener('message', onMessage)
  window.addEventListener('online', tryNow)
  const timer = setInterval(tryNow, RETRY_MS)
  void loadPapers().then(tryNow)
  return () => {
    stopConnection()
    otherTabs?.removeEventListener('message', onMessage)
    window.removeEventListener('online', tryNow)
    clearInterval(timer)
  }
}
