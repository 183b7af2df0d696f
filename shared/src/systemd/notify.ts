import { spawn } from 'node:child_process'

/** What systemd is told (sd_notify(3)). */
export type ServiceState = { ready: true; status: string } | { alive: true; status: string } | { stopping: true }

/**
 * Tells systemd, by its own `systemd-notify`: Node has no Unix datagram sockets. One call costs about 5 ms of a core and lives as long
 * (docs/decisions/008-pairing-and-watchdog.md), every 20 s it is nothing. The unit needs `NotifyAccess=all`, since it comes from a child. Never rejects; resolves to
 * whether it was told.
 */
export function notifySystemd(state: ServiceState, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  if (!env.NOTIFY_SOCKET) return Promise.resolve(false)
  return new Promise((resolve) => {
    // No shell: a status may hold what a device said.
    const child = spawn('systemd-notify', argumentsOf(state), { env, stdio: 'ignore', timeout: 10_000 })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

function argumentsOf(state: ServiceState): string[] {
  if ('stopping' in state) return ['STOPPING=1']
  // A line feed would begin another assignment.
  const status = `STATUS=${state.status.replace(/\p{Cc}+/gu, ' ')}`
  return ['ready' in state ? 'READY=1' : 'WATCHDOG=1', status]
}

/** How long systemd waits for a sign of life, ms; undefined when it does not watch this process (WATCHDOG_USEC, WATCHDOG_PID). */
export function watchdogMs(env: NodeJS.ProcessEnv = process.env, pid: number = process.pid): number | undefined {
  const usec = Number(env.WATCHDOG_USEC)
  if (!env.NOTIFY_SOCKET || !Number.isFinite(usec) || usec <= 0) return undefined
  return env.WATCHDOG_PID === undefined || Number(env.WATCHDOG_PID) === pid ? usec / 1000 : undefined
}
