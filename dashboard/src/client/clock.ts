/**
 * The server's clock as seen from this browser. A PC in a machine room may be minutes off; ages and staleness are
 * judged by the server's time. Based on `performance.now()`, so setting the PC's clock does not move it.
 */
export interface ServerClock {
  /** The server's time now, UTC epoch milliseconds; the PC's own clock until the server has been heard. */
  nowMs: () => number
  /** Called with the `nowMs` of each `hello` and `tick`. */
  heard: (serverNowMs: number) => void
}

export function createServerClock(monotonicMs: () => number, localNowMs: () => number): ServerClock {
  let offsetMs: number | undefined
  return {
    nowMs: () => (offsetMs === undefined ? localNowMs() : monotonicMs() + offsetMs),
    heard: (serverNowMs) => {
      offsetMs = serverNowMs - monotonicMs()
    },
  }
}

export const serverClock = createServerClock(
  () => performance.now(),
  () => Date.now(),
)

type Listener = () => void
const listeners = new Set<Listener>()
let timer: ReturnType<typeof setInterval> | undefined

/** One shared one-second beat for ages, staleness and countdowns, instead of a timer per value. */
export function subscribeSecond(listener: Listener): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== undefined) {
      clearInterval(timer)
      timer = undefined
    }
  }
}
