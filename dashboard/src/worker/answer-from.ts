/** Where the service worker takes an answer from. `server`: it keeps out, and the browser asks as if there were no worker. */
export type AnswerFrom = 'server' | 'kept-file' | 'page'

interface Asked {
  method: string
  url: string
  /** The browser opens an address, as opposed to a page loading a part of itself. */
  isNavigation: boolean
}

/** What is said live comes from the server or not at all: a kept reading would look like one of now. */
const NEVER_KEPT = ['/api', '/socket.io', '/healthz', '/metrics']

/** Pages come from the server while it answers; files that carry their content's hash never change. */
export function answerFrom({ method, url, isNavigation }: Asked, origin: string, files: ReadonlySet<string>): AnswerFrom {
  const { origin: asked, pathname } = new URL(url)
  if (method !== 'GET' || asked !== origin) return 'server'
  if (NEVER_KEPT.some((path) => pathname === path || pathname.startsWith(`${path}/`))) return 'server'
  if (isNavigation) return 'page'
  return pathname.startsWith('/assets/') || files.has(pathname) ? 'kept-file' : 'server'
}

/** Caches that are no longer needed: all but this version's and the one before it, whose tabs may still be open. `names` as the browser lists them, oldest first. */
export function outdatedCaches(names: readonly string[], own: string, prefix: string): string[] {
  const others = names.filter((name) => name.startsWith(prefix) && name !== own)
  return others.slice(0, -1)
}
