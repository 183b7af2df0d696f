import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { z } from 'zod'

/** One message to one address that has not been taken yet. */
const queuedSchema = z.object({
  id: z.string(),
  /** Position among the ways to tell people in watchdog.yaml. */
  target: z.number().int(),
  address: z.string(),
  kind: z.enum(['silent', 'ill', 'back', 'well', 'weekly']),
  title: z.string(),
  text: z.string(),
  atMs: z.number(),
  attempts: z.number().int(),
  nextAttemptAtMs: z.number(),
})
export type QueuedMessage = z.output<typeof queuedSchema>

const stateSchema = z.object({
  lastHeartbeatMs: z.number().nullable(),
  /** Nothing was heard since; told last then. */
  silent: z.object({ sinceMs: z.number(), toldAtMs: z.number(), isHeardAgain: z.boolean() }).nullable(),
  /** Parts of the server that say themselves that they are ill. */
  ill: z.record(z.string(), z.object({ sinceMs: z.number(), message: z.string() })),
  illTold: z.object({ names: z.array(z.string()), toldAtMs: z.number() }).nullable(),
  weeklyDoneMs: z.number().nullable(),
  /** Ids of heartbeats within the time in which a copy would be taken for a new one. */
  seen: z.array(z.tuple([z.string(), z.number()])),
  queue: z.array(queuedSchema),
})
/** What the watchdog knows, and keeps over restarts. */
export type WatchState = z.output<typeof stateSchema>

export const EMPTY_STATE: WatchState = {
  lastHeartbeatMs: null,
  silent: null,
  ill: {},
  illTold: null,
  weeklyDoneMs: null,
  seen: [],
  queue: [],
}

/** The stored state; the empty one when there is none. A file that cannot be understood is told and begun anew: it must not keep the watchdog from watching. */
export function loadState(file: string, onDamage: (reason: string) => void): WatchState {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onDamage(String(error))
    return EMPTY_STATE
  }
  try {
    return stateSchema.parse(JSON.parse(text))
  } catch (error) {
    onDamage(String(error))
    return EMPTY_STATE
  }
}

/** On the disk when it returns; a kill in between leaves the old or the new one. Some kilobytes, once a minute. */
export function saveState(file: string, state: WatchState): void {
  const temporary = `${file}.new`
  const handle = openSync(temporary, 'w', 0o600)
  try {
    writeSync(handle, JSON.stringify(state))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(temporary, file)
}
