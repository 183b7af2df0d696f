import { notifySystemd, type ServiceState, watchdogMs } from './notify.ts'

export interface WatchdogOptions {
  /** What does not turn any more, as a sentence; undefined when all is well. Called on the event loop, so a blocked loop gives no sign either. */
  stuck(): string | undefined
  /** One line for `systemctl status`. */
  status(): string
  /** Told once when something stops turning, and again when it is another thing. */
  onStuck(reason: string): void
  env?: NodeJS.ProcessEnv
  notify?(state: ServiceState): Promise<boolean>
}

/** Signs of life within the time systemd waits: one may be late or lost. */
const SIGNS_PER_WAIT = 3

/**
 * Says READY at once, and then that the service is alive for as long as it is. Without systemd (no NOTIFY_SOCKET) it does nothing.
 * Returns how to end it, which says STOPPING.
 */
export function startWatchdog({ stuck, status, onStuck, env = process.env, notify }: WatchdogOptions): () => Promise<void> {
  if (!env.NOTIFY_SOCKET) return async () => undefined
  const tell = notify ?? ((state: ServiceState) => notifySystemd(state, env))
  void tell({ ready: true, status: status() })
  const waitMs = watchdogMs(env)
  let told: string | undefined
  const timer =
    waitMs &&
    setInterval(() => {
      const reason = stuck()
      if (reason !== undefined && reason !== told) onStuck(reason)
      told = reason
      if (reason === undefined) void tell({ alive: true, status: status() })
    }, waitMs / SIGNS_PER_WAIT)
  return async () => {
    if (timer) clearInterval(timer)
    await tell({ stopping: true })
  }
}
