import { connectionStore } from '../connection.ts'
import { createExternalStore } from '../external-store.ts'

/** The worker of a newer version, ready to take over when a person says so; null: this is the newest. */
export const newVersionStore = createExternalStore<ServiceWorker | null>(null)

const HOUR_MS = 3_600_000

let isStarted = false

/**
 * Keeps the program in the browser, and looks for a newer one each hour and whenever the server comes back. Browsers allow it only over HTTPS (and on
 * this machine itself); elsewhere the dashboard works as before, but does not open without a connection.
 */
export async function startUpdates(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' })
  // The shell and the wall both ask for it, whenever they are opened.
  if (isStarted) return
  isStarted = true
  const look = () => void registration.update().catch(() => undefined)
  const follow = (worker: ServiceWorker | null) => {
    worker?.addEventListener('statechange', () => {
      // Without a controller this is the first version that this browser gets.
      if (worker.state === 'installed' && navigator.serviceWorker.controller) newVersionStore.set(worker)
    })
  }
  // This page was just loaded, so it is of the newest version already: the worker may be too.
  registration.waiting?.postMessage('take-over')
  follow(registration.installing)
  registration.addEventListener('updatefound', () => follow(registration.installing))
  let phase = connectionStore.get().phase
  connectionStore.subscribe(() => {
    const next = connectionStore.get().phase
    if (next === 'live' && phase === 'lost') look()
    phase = next
  })
  setInterval(look, HOUR_MS)
}

/** The newer worker takes over, then this page is loaded again. */
export function takeOver(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true })
  worker.postMessage('take-over')
  // Another tab may have let it take over already.
  if (worker.state === 'activated' || worker.state === 'redundant') window.location.reload()
}
