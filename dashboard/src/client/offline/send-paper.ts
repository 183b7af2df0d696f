import type { WholeRecord } from '@roomkeeper/shared/http'
import type { RecordFields } from '@roomkeeper/shared/registers'
import { changedKeys, mergeFields, sameFields } from './merge-fields.ts'
import { localIds, type Paper, type PaperFile, type Trouble, withFileId, withoutFile } from './paper.ts'

/** What the sender asks of the server. Each fails with an error that `kindOf` sorts. */
export interface RecordServer {
  create(paper: Paper): Promise<WholeRecord>
  upload(paper: Paper & { recordId: number }, file: PaperFile): Promise<{ id: number }>
  save(paper: Paper & { recordId: number }): Promise<WholeRecord>
  move(paper: Paper & { recordId: number; waiting: NonNullable<Paper['waiting']> }): Promise<WholeRecord>
  get(paper: Paper & { recordId: number }): Promise<WholeRecord>
}

/** network: no answer, or the server is not well: later. signed-out: the person has to sign in first. conflict: it is no longer as it was. refused: what was written is wrong. */
export type FailureKind = 'network' | 'signed-out' | 'conflict' | 'refused'

/** Where papers are kept. `update` reads and writes in one go, so that what a person types meanwhile is not lost; undefined: the paper is gone. */
export interface PaperStore {
  get(key: string): Promise<Paper | undefined>
  update(key: string, change: (paper: Paper) => Paper): Promise<Paper | undefined>
  files(key: string): Promise<PaperFile[]>
  removeFile(id: number): Promise<void>
}

export type Step = 'create' | 'file' | 'save' | 'move' | 'nothing'

/** What the server needs next. */
export function nextStep(paper: Paper): Step {
  if (paper.trouble) return 'nothing'
  if (paper.recordId === null) return 'create'
  if (localIds(paper.fields).length > 0) return 'file'
  if (!sameFields(paper.base, paper.fields)) return 'save'
  return paper.waiting ? 'move' : 'nothing'
}

export type Outcome =
  /** The server has all that was written. */
  | { kind: 'sent' }
  /** It has all, and the record was moved on. */
  | { kind: 'moved'; record: WholeRecord }
  | { kind: 'later'; reason: 'network' | 'signed-out' }
  | { kind: 'trouble'; trouble: Trouble }
  | { kind: 'gone' }

export interface SendDeps {
  store: PaperStore
  server: RecordServer
  kindOf(error: unknown): FailureKind
  troubleOf(error: unknown): Trouble & { kind: 'refused' }
}

/** A paper that goes round for ever is a defect; each round sends something. */
const STEPS_MAX = 200

/** Sends what the server does not have of one paper, in order: begin, photos, what was filled in, the signed move. Repeating it after a lost answer changes nothing. */
export async function sendPaper(key: string, deps: SendDeps): Promise<Outcome> {
  const { store } = deps
  for (let count = 0; count < STEPS_MAX; count++) {
    const paper = await store.get(key)
    if (!paper) return { kind: 'gone' }
    const step = nextStep(paper)
    if (step === 'nothing') {
      if (paper.trouble) return { kind: 'trouble', trouble: paper.trouble }
      await store.update(key, (now) => (nextStep(now) === 'nothing' ? { ...now, unsentSinceMs: null, attempts: 0 } : now))
      return { kind: 'sent' }
    }
    try {
      const moved = await take(step, paper, deps)
      if (moved) return { kind: 'moved', record: moved }
    } catch (error) {
      const kind = deps.kindOf(error)
      if (kind === 'network' || kind === 'signed-out') {
        await store.update(key, (now) => ({
          ...now,
          attempts: now.attempts + 1,
          // It did not go out at once: from now on the record says when it was done and when it came.
          waiting: now.waiting && { ...now.waiting, wasOffline: true },
        }))
        return { kind: 'later', reason: kind }
      }
      // A move may also be refused because it was made already, and the answer was lost.
      if (paper.recordId === null || (kind === 'refused' && step !== 'move')) return fail(key, deps, deps.troubleOf(error))
      const outcome = await onConflict({ ...paper, recordId: paper.recordId }, error, deps).catch((later: unknown): Outcome => {
        const reason = deps.kindOf(later) === 'signed-out' ? 'signed-out' : 'network'
        return { kind: 'later', reason }
      })
      if (outcome) return outcome
    }
  }
  throw new Error(`paper ${key} does not come to an end`)
}

async function fail(key: string, { store }: SendDeps, trouble: Trouble): Promise<Outcome> {
  await store.update(key, (now) => ({ ...now, trouble, waiting: null }))
  return { kind: 'trouble', trouble }
}

/** One step at the server. Gives the record when it was moved on. */
async function take(step: Exclude<Step, 'nothing'>, paper: Paper, { store, server }: SendDeps): Promise<WholeRecord | undefined> {
  const { key } = paper
  if (step === 'create') {
    const record = await server.create(paper)
    await store.update(key, (now) => seen(now, record, firstFields(paper)))
    return
  }
  const known = { ...paper, recordId: paper.recordId as number }
  if (step === 'file') {
    const id = localIds(paper.fields)[0] as number
    const file = (await store.files(key)).find((each) => each.id === id)
    const sent = file && (await server.upload(known, file))
    const replace = (fields: RecordFields) => (sent ? withFileId(fields, id, sent.id) : withoutFile(fields, id))
    await store.update(key, (now) => ({ ...now, fields: replace(now.fields) }))
    if (file) await store.removeFile(id)
    return
  }
  if (step === 'save') {
    const record = await server.save(known)
    await store.update(key, (now) => seen(now, record, paper.fields))
    return
  }
  const { waiting } = paper
  if (!waiting) return
  const record = await server.move({ ...known, waiting })
  await store.update(key, (now) => ({ ...seen(now, record, now.fields), waiting: null, unsentSinceMs: null }))
  return record
}

/** The server took `sent`; what it wrote differently (names, trimmed texts) is taken over where the person has not gone on writing. */
export function seen(now: Paper, record: WholeRecord, sent: RecordFields): Paper {
  const { merged } = mergeFields(sent, now.fields, record.fields)
  return { ...now, recordId: record.id, base: record.fields, fields: merged, revision: record.revision, seen: record, sheet: record.sheet }
}

/** What a record is begun with: photos follow once it has a number. */
export function firstFields({ fields, beginWith }: Paper): RecordFields {
  const chosen = beginWith === null ? fields : Object.fromEntries(beginWith.filter((key) => key in fields).map((key) => [key, fields[key]]))
  return localIds(chosen).reduce((rest, id) => withoutFile(rest, id), chosen)
}

/** It is no longer as it was. undefined: taken in, go on. */
async function onConflict(paper: Paper & { recordId: number }, error: unknown, deps: SendDeps): Promise<Outcome | undefined> {
  const { store, server } = deps
  const record = await server.get(paper)
  if (isOwnMove(paper, record)) {
    await store.update(paper.key, (now) => ({ ...seen(now, record, now.fields), waiting: null, unsentSinceMs: null }))
    return { kind: 'moved', record }
  }
  if (paper.seen && record.state !== paper.seen.state)
    return fail(paper.key, deps, { kind: 'over', by: record.steps.at(-1)?.by ?? record.changedBy, state: record.state })
  if (deps.kindOf(error) === 'refused' || record.revision === paper.revision) return fail(paper.key, deps, deps.troubleOf(error))
  return adopt(paper.key, record, deps)
}

/** Takes in what is at the server. What both changed, and what was signed before the others' changes were seen, comes back to the person. */
export async function adopt(key: string, record: WholeRecord, deps: Pick<SendDeps, 'store'>): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined
  await deps.store.update(key, (now) => {
    outcome = undefined
    if (record.revision <= now.revision) return { ...now, seen: record, sheet: record.sheet }
    const { merged, clashes } = mergeFields(now.base, now.fields, record.fields)
    const isNews = changedKeys(now.fields, merged).length > 0
    const next = { ...now, base: record.fields, fields: merged, revision: record.revision, seen: record, sheet: record.sheet }
    if (clashes.length === 0 && !(isNews && now.waiting)) return next
    const trouble: Trouble = { kind: 'conflict', by: record.changedBy, clashes }
    outcome = { kind: 'trouble', trouble }
    return { ...next, trouble, waiting: null }
  })
  return outcome
}

/** The answer to the move was lost, but it was taken. */
function isOwnMove({ waiting, by }: Paper, record: WholeRecord): boolean {
  if (!waiting) return false
  const last = record.steps.findLast(({ kind }) => kind === 'move')
  return last?.move === waiting.move && last.by === by && (last.claimedAtMs === null || last.claimedAtMs === waiting.atMs)
}
