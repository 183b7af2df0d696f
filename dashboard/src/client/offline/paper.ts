import type { WholeRecord } from '@roomkeeper/shared/http'
import type { RecordFields } from '@roomkeeper/shared/registers'

/** The step that a person has signed and that the server does not have yet. Never with a password: only what was drawn waits in this browser. */
export interface WaitingMove {
  move: string
  /** When the person did it, by the server's clock as far as this browser knows it. */
  atMs: number
  comment: string
  /** The drawn signature as a data URL; null: this move needs none. */
  drawing: string | null
  /** What the room's printed code said. */
  roomKey: string | null
  /** It was done without a connection, or could not be sent at once: the server writes down both times. */
  wasOffline: boolean
}

/** Why a paper does not go on by itself. What was written stays until a person decides. */
export type Trouble =
  /** Somebody else saved meanwhile. `clashes` names what both changed; what was signed is signed again after looking at it. */
  | { kind: 'conflict'; by: string; clashes: string[] }
  /** Somebody else signed or closed it meanwhile. */
  | { kind: 'over'; by: string; state: string }
  /** The server does not take it as it is. `issues` as in its answer. */
  | { kind: 'refused'; message: string; issues: { field: string; message: string }[] }

/**
 * One record as this browser wants it to be at the server: begun, filled in, with photos, moved on. It is kept in the browser's database until
 * the server has all of it.
 */
export interface Paper {
  /** Made here; the server gives the same record for the same key. */
  key: string
  register: string
  /** Of the person who wrote it: only with their session it is sent. */
  accountId: number
  by: string
  /** What a person recognises it by: the room, the visitor. */
  about: string
  /** Where in the dashboard it is shown. */
  path: string
  /** null: the server does not know it yet. */
  recordId: number | null
  scheduleId: number | null
  /** Fields that the record is begun with, the others follow by saving it; null: all. An inspection's items are known only once it is begun. */
  beginWith: readonly string[] | null
  /** Written in one go and shown on no page of its own: forgotten as soon as the server has it. */
  isLetter?: boolean
  /** The server's fields that these changes began from. */
  base: RecordFields
  /** As the person has them. Photos not sent yet stand in them by their negative local id. */
  fields: RecordFields
  revision: number
  /** The record as the server gave it last; null: never. */
  seen: WholeRecord | null
  /** In place of the server's sheet until it is known: that of an earlier record of the room. */
  sheet: Record<string, unknown>
  waiting: WaitingMove | null
  trouble: Trouble | null
  /** When the first change was made that the server does not have; null: it has all. */
  unsentSinceMs: number | null
  attempts: number
  /** Time that the person spent on it, ms. */
  activeMs: number
  touchedAtMs: number
}

/** A photo of a paper. `id` is negative: no file of the server has such a number. */
export interface PaperFile {
  id: number
  paperKey: string
  /** The field that it belongs to. */
  field: string
  name: string
  blob: Blob
}

/** Local ids are far below any number a person writes down. */
export const LOCAL_ID_BELOW = -1_000_000_000_000

function eachNumber(value: unknown, found: (id: number) => void): void {
  if (typeof value === 'number') found(value)
  else if (Array.isArray(value)) for (const each of value) eachNumber(each, found)
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) eachNumber(each, found)
}

/** Local ids of the photos that stand in these fields. */
export function localIds(fields: RecordFields): number[] {
  const ids: number[] = []
  eachNumber(fields, (id) => {
    if (id < LOCAL_ID_BELOW) ids.push(id)
  })
  return ids
}

/** The same with the server's id in place of the local one. */
export function withFileId<T>(value: T, localId: number, fileId: number): T {
  if (value === localId) return fileId as T
  if (Array.isArray(value)) return value.map((each: unknown) => withFileId(each, localId, fileId)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withFileId(each as unknown, localId, fileId)])) as T
}

/** Without photos whose bytes are no longer there. */
export function withoutFile<T>(value: T, localId: number): T {
  if (Array.isArray(value)) return value.filter((each) => each !== localId).map((each: unknown) => withoutFile(each, localId)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutFile(each as unknown, localId)])) as T
}

/** A pause longer than this was no work on the paper. */
const PAUSE_MS = 60_000

/** The person did something on it now. */
export function touched(paper: Paper, nowMs: number): Pick<Paper, 'activeMs' | 'touchedAtMs'> {
  return { activeMs: paper.activeMs + Math.min(PAUSE_MS, Math.max(0, nowMs - paper.touchedAtMs)), touchedAtMs: nowMs }
}
