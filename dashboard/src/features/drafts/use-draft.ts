import { useEffect, useState, useSyncExternalStore } from 'react'
import { errorCode } from '../../client/api.ts'
import { createDraft, type Draft, type DraftState, type LocalCopy, type Snapshot } from './draft.ts'

interface Options<F> {
  /** Names this form and person in the browser's storage; a function where the name changes while the form is open. */
  storageKey: string | (() => string)
  server: Snapshot<F>
  /** The server's fields with defaults filled in; saved with the first change. */
  prefilled: F
  save: (revision: number, fields: F) => Promise<Snapshot<F>>
  load: () => Promise<Snapshot<F>>
  answered?: (sent: F, saved: F) => F
}

function readCopy<F>(key: string): LocalCopy<F> | null {
  try {
    const text = localStorage.getItem(key)
    return text ? (JSON.parse(text) as LocalCopy<F>) : null
  } catch {
    return null
  }
}

function writeCopy(key: string, copy: LocalCopy<unknown> | null): void {
  try {
    if (copy) localStorage.setItem(key, JSON.stringify(copy))
    else localStorage.removeItem(key)
  } catch {
    // A full or forbidden storage costs only the copy in this browser; the autosave goes on.
  }
}

/** A self-saving draft for a form that is mounted once per record. */
export function useDraft<F extends object>(options: Options<F>): { draft: Draft<F>; state: DraftState<F> } {
  const [draft] = useState(() => {
    const { storageKey } = options
    const nameOf = typeof storageKey === 'string' ? () => storageKey : storageKey
    return createDraft<F>(options.server, options.prefilled, readCopy<F>(nameOf()), {
      save: options.save,
      load: options.load,
      answered: options.answered,
      kindOf: (error) => {
        const code = errorCode(error)
        if (code === 'CONFLICT') return 'conflict'
        return code === 'NETWORK' ? 'network' : 'other'
      },
      keep: (copy) => writeCopy(nameOf(), copy),
      schedule: (run, delayMs) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    })
  })
  const state = useSyncExternalStore(draft.subscribe, draft.get)
  const { server } = options
  useEffect(() => draft.adopt(server), [draft, server])
  useEffect(() => () => draft.close(), [draft])
  return { draft, state }
}
