/**
 * Makes the dashboard open without a connection. It keeps the program only (pages, scripts, styles, icons), never an answer of the server.
 * Written to `service-worker.js` by precache.ts, which fills in the list of files.
 */
import { answerFrom, outdatedCaches } from './answer-from.ts'

interface ExtendableEvent extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface FetchEvent extends ExtendableEvent {
  request: Request
  respondWith(response: Promise<Response>): void
}
/** What a worker has around it; TypeScript's DOM library only knows a page's. */
interface WorkerScope {
  location: Location
  clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
}

declare const PRECACHE: { version: string; files: string[] }
const scope = self as unknown as WorkerScope

const PREFIX = 'roomkeeper-'
const CACHE = PREFIX + PRECACHE.version
const FILES = new Set(PRECACHE.files)
const PAGE = '/index.html'
/** A telephone at the edge of the network waits for ever; after this the kept page opens. */
const PAGE_WAIT_MS = 4000

scope.addEventListener('install', (event) => event.waitUntil(keepProgram()))

scope.addEventListener('activate', (event) =>
  event.waitUntil(
    (async () => {
      for (const name of outdatedCaches(await caches.keys(), CACHE, PREFIX)) await caches.delete(name)
      await scope.clients.claim()
    })(),
  ),
)

// A person said so: until then the version that the open tabs began with goes on.
scope.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void scope.skipWaiting()
})

scope.addEventListener('fetch', (event) => {
  const { method, url, mode } = event.request
  const from = answerFrom({ method, url, isNavigation: mode === 'navigate' }, scope.location.origin, FILES)
  if (from === 'page') event.respondWith(page(event.request))
  if (from === 'kept-file') event.respondWith(keptFile(event.request))
})

async function keepProgram(): Promise<void> {
  const cache = await caches.open(CACHE)
  // Files with a hash in their name may come from the browser's own cache; the others have to be asked for again.
  await cache.addAll([...FILES].map((file) => new Request(file, { cache: file.startsWith('/assets/') ? 'default' : 'no-cache' })))
}

async function page(request: Request): Promise<Response> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), PAGE_WAIT_MS)
  try {
    const response = await fetch(request, { signal: controller.signal })
    if (response.status < 500) return response
  } catch {
    // No network, or no answer in time.
  } finally {
    clearTimeout(timer)
  }
  const cache = await caches.open(CACHE)
  return (await cache.match(PAGE)) ?? Response.error()
}

/** Of this version first; a tab that was opened before an update finds its parts in the cache of the version before. */
async function keptFile(request: Request): Promise<Response> {
  const own = await (await caches.open(CACHE)).match(request)
  return own ?? (await caches.match(request)) ?? fetch(request)
}
