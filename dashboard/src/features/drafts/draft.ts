import { changedFields, isSame, mergeDrafts } from './merge.ts'

/** A draft as the server has it. */
export interface Snapshot<F> {
  fields: F
  revision: number
  by: string | null
  atMs: number | null
}

/** What this browser keeps until the server has it, so that a lost connection or a closed tab loses nothing. */
export interface LocalCopy<F> {
  fields: F
  base: F
  revision: number
}

export type DraftStatus =
  /** The server has everything. */
  | 'saved'
  | 'dirty'
  | 'saving'
  /** No answer; kept here, tried again. */
  | 'offline'
  /** Refused; tried again with the next change. */
  | 'refused'
  /** Someone else changed the same fields; the person chooses. What others write elsewhere is taken over by itself. */
  | 'conflict'

export interface DraftState<F> {
  fields: F
  /** What the server had when these changes began. */
  base: F
  revision: number
  status: DraftStatus
  theirs: Snapshot<F> | null
  /** Paths that both changed. */
  clashes: string[]
  /** What another person has saved last and this form has taken over. */
  news: { by: string | null; fields: string[] } | null
  error: unknown
}

export interface DraftDeps<F> {
  save: (revision: number, fields: F) => Promise<Snapshot<F>>
  load: () => Promise<Snapshot<F>>
  kindOf: (error: unknown) => 'conflict' | 'network' | 'other'
  /** Keeps (or with null forgets) the copy in this browser. */
  keep: (copy: LocalCopy<F> | null) => void
  schedule: (run: () => void, delayMs: number) => () => void
  /** What the server made of what was sent, where it adds to it (names, readings); absent: what was sent. */
  answered?: (sent: F, saved: F) => F
}

export interface Draft<F> {
  get: () => DraftState<F>
  subscribe: (listener: () => void) => () => void
  change: (patch: Partial<F>) => void
  /** The server's state was read again. */
  adopt: (snapshot: Snapshot<F>) => void
  resolve: (choice: 'merge' | 'reload') => void
  /** Stops autosaving and waits for a save under way; before submitting. */
  settle: () => Promise<void>
  /** Autosaves again, after a submit that did not come through. */
  resume: () => void
  /** Submitted: nothing to keep. */
  finish: () => void
  close: () => void
}

export const SAVE_DELAY_MS = 1000
export const RETRY_DELAY_MS = 5000

/** A draft that saves itself a second after the last change, survives lost connections and never overwrites another person silently. */
export function createDraft<F extends object>(server: Snapshot<F>, prefilled: F, local: LocalCopy<F> | null, deps: DraftDeps<F>): Draft<F> {
  const listeners = new Set<() => void>()
  let cancel: (() => void) | undefined
  let running: Promise<void> | undefined
  let isClosed = false
  let state: DraftState<F> = {
    fields: prefilled,
    base: server.fields,
    revision: server.revision,
    status: 'saved',
    theirs: null,
    clashes: [],
    news: null,
    error: null,
  }

  function set(next: Partial<DraftState<F>>): void {
    state = { ...state, ...next }
    for (const listener of listeners) listener()
  }

  function saveIn(delayMs: number): void {
    cancel?.()
    if (isClosed) return
    cancel = deps.schedule(() => {
      running = save().finally(() => {
        running = undefined
      })
    }, delayMs)
  }

  function conflictWith(theirs: Snapshot<F>): void {
    cancel?.()
    if (isSame(theirs.fields, state.fields)) {
      deps.keep(null)
      set({ base: theirs.fields, revision: theirs.revision, status: 'saved', theirs: null, clashes: [] })
      return
    }
    const { merged, clashes } = mergeDrafts(state.base, state.fields, theirs.fields)
    if (clashes.length > 0) {
      set({ status: 'conflict', theirs, clashes })
      return
    }
    const base = theirs.fields
    const news = { by: theirs.by, fields: changedFields(state.base, base) }
    set({ fields: merged, base, revision: theirs.revision, status: 'dirty', theirs: null, clashes: [], news })
    deps.keep({ fields: merged, base, revision: theirs.revision })
    saveIn(0)
  }

  async function save(): Promise<void> {
    if (running || state.status === 'conflict') return
    const sent = state.fields
    set({ status: 'saving', error: null })
    try {
      const saved = await deps.save(state.revision, sent)
      const isDone = state.fields === sent
      const base = deps.answered?.(sent, saved.fields) ?? sent
      set({ base, fields: isDone ? base : state.fields, revision: saved.revision, status: isDone ? 'saved' : 'dirty' })
      if (isDone) deps.keep(null)
      else saveIn(SAVE_DELAY_MS)
    } catch (error) {
      await onSaveError(error)
    }
  }

  async function onSaveError(error: unknown): Promise<void> {
    const kind = deps.kindOf(error)
    if (kind === 'conflict') {
      try {
        conflictWith(await deps.load())
        return
      } catch {
        // The line broke between the refusal and reading who it was: the retry finds out.
      }
    }
    set({ status: kind === 'other' ? 'refused' : 'offline', error })
    if (kind !== 'other') saveIn(RETRY_DELAY_MS)
  }

  if (local && !isSame(local.fields, server.fields)) {
    state = { ...state, fields: local.fields, base: local.base, revision: local.revision, status: 'dirty' }
    if (local.revision === server.revision) saveIn(SAVE_DELAY_MS)
    else conflictWith(server)
  } else if (local) deps.keep(null)

  return {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    change: (patch) => {
      const fields = { ...state.fields, ...patch }
      set({ fields, status: state.status === 'conflict' || state.status === 'saving' ? state.status : 'dirty' })
      deps.keep({ fields, base: state.base, revision: state.revision })
      if (state.status !== 'conflict' && state.status !== 'saving') saveIn(SAVE_DELAY_MS)
    },
    adopt: (snapshot) => {
      if (snapshot.revision <= state.revision || state.status === 'saving') return
      if (state.status !== 'saved') return conflictWith(snapshot)
      const { fields, revision, by } = snapshot
      const changed = changedFields(state.base, fields)
      set({ fields, base: fields, revision, news: changed.length > 0 ? { by, fields: changed } : state.news })
    },
    resolve: (choice) => {
      const { theirs } = state
      if (!theirs) return
      const fields = choice === 'reload' ? theirs.fields : mergeDrafts(state.base, state.fields, theirs.fields).merged
      const isDone = isSame(fields, theirs.fields)
      set({ fields, base: theirs.fields, revision: theirs.revision, status: isDone ? 'saved' : 'dirty', theirs: null, clashes: [] })
      if (isDone) deps.keep(null)
      else {
        deps.keep({ fields, base: theirs.fields, revision: theirs.revision })
        saveIn(0)
      }
    },
    settle: async () => {
      cancel?.()
      await running
      cancel?.()
    },
    resume: () => {
      if (state.status === 'dirty') saveIn(0)
    },
    finish: () => {
      cancel?.()
      isClosed = true
      deps.keep(null)
    },
    close: () => {
      // What is not saved yet is saved now; the copy in this browser stays until the server has it.
      const isPending = state.status === 'dirty'
      cancel?.()
      if (isPending && !isClosed) void save().catch(() => undefined)
      isClosed = true
    },
  }
}
