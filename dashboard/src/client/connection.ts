import type { AlarmNotice, BrowserToServer, Presence, ServerToBrowser } from '@roomkeeper/shared/push'
import { io, type Socket } from 'socket.io-client'
import { serverClock } from './clock.ts'
import { CHECK_INTERVAL_MS, type ConnectionState, heard, INITIAL_CONNECTION, isSilent, lost } from './connection-state.ts'
import { createExternalStore, useExternalStore } from './external-store.ts'
import { liveStore } from './live-store.ts'
import { refetchEverything, refetchTopic } from './query-client.ts'

export const connectionStore = createExternalStore<ConnectionState>(INITIAL_CONNECTION)
/** Who has which incident form open. */
export const presenceStore = createExternalStore<ReadonlyMap<number, Presence['people']>>(new Map())
/** The last alarm pushed, for the spoken announcement. */
export const alarmNoticeStore = createExternalStore<AlarmNotice | null>(null)

export function useConnection(): ConnectionState {
  return useExternalStore(connectionStore)
}

let socket: Socket<ServerToBrowser, BrowserToServer> | undefined
let lastSignMs = 0
let checkTimer: ReturnType<typeof setInterval> | undefined
/** The newest alarm transition this browser has been told of; a tick that names a later one means a push was missed. */
let seenTransitionId = 0

const watchedRooms = new Map<symbol, readonly number[]>()
let focused: { incidentId: number | null; field: string | null } = { incidentId: null, field: null }

function sendWatch(): void {
  socket?.emit('watch', { roomIds: [...new Set([...watchedRooms.values()].flat())] })
}

function onSign(nowMs: number): void {
  lastSignMs = performance.now()
  serverClock.heard(nowMs)
  connectionStore.set(heard(connectionStore.get(), nowMs))
}

function onLost(): void {
  connectionStore.set(lost(connectionStore.get()))
}

/** Opens the socket of the signed-in session; returns how to close it. */
export function startConnection(onSignedOut: (reason: string) => void): () => void {
  const opened: Socket<ServerToBrowser, BrowserToServer> = io({
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 3000,
    withCredentials: true,
  })
  socket = opened
  lastSignMs = performance.now()

  opened.on('hello', ({ nowMs, lastTransitionId }) => {
    seenTransitionId = lastTransitionId
    onSign(nowMs)
    sendWatch()
    if (focused.incidentId !== null) opened.emit('focusIncident', focused)
    // First connection or a return: whatever happened until this moment is read from the server's state.
    refetchEverything()
  })
  opened.on('tick', ({ nowMs, lastTransitionId }) => {
    onSign(nowMs)
    if (lastTransitionId === seenTransitionId) return
    seenTransitionId = lastTransitionId
    refetchTopic('alarms')
    refetchTopic('incidents')
  })
  opened.on('live', (updates) => liveStore.apply(updates, connectionStore.get().epoch))
  opened.on('alarm', (notice) => {
    seenTransitionId = Math.max(seenTransitionId, notice.transitionId)
    alarmNoticeStore.set(notice)
    refetchTopic('alarms')
    refetchTopic('incidents')
  })
  opened.on('change', ({ topic }) => refetchTopic(topic))
  opened.on('presence', ({ incidentId, people }) => {
    presenceStore.set(new Map(presenceStore.get()).set(incidentId, people))
  })
  opened.on('signedOut', ({ reason }) => onSignedOut(reason))
  opened.on('disconnect', (reason) => {
    onLost()
    // socket.io does not come back by itself when the server closed the socket on purpose.
    if (reason === 'io server disconnect') setTimeout(() => socket === opened && opened.connect(), 1000)
  })
  opened.on('connect_error', () => {
    // Refused by the middleware (session ended?): the HTTP side finds out whose fault it is.
    if (!opened.active) {
      refetchEverything()
      setTimeout(() => socket === opened && opened.connect(), 3000)
    }
  })

  checkTimer = setInterval(() => {
    if (isSilent(lastSignMs, performance.now())) onLost()
  }, CHECK_INTERVAL_MS)

  return () => {
    clearInterval(checkTimer)
    opened.close()
    if (socket === opened) socket = undefined
    connectionStore.set(INITIAL_CONNECTION)
    presenceStore.set(new Map())
  }
}

/** Asks for the live values of these rooms until the returned function is called. */
export function watchRooms(roomIds: readonly number[]): () => void {
  const token = Symbol('watch')
  watchedRooms.set(token, roomIds)
  sendWatch()
  return () => {
    watchedRooms.delete(token)
    sendWatch()
  }
}

/** Tells the others which incident form is open here (null when it closes), and which of its fields the person is in. */
export function focusIncident(incidentId: number | null, field: string | null = null): void {
  focused = { incidentId, field }
  socket?.emit('focusIncident', focused)
}
