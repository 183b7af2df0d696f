/** Whether the browser runs on the server itself: its address is then of no use to an agent elsewhere. */
export function isLoopback(origin: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname)
}

/** Whether the page came unencrypted over a network: the agent's way to the server is then the same. */
export function isPlainHttp(origin: string): boolean {
  return new URL(origin).protocol === 'http:' && !isLoopback(origin)
}

/** What to type on the agent's machine. */
export function pairCommand(origin: string, code: string): string {
  return `roomkeeper agent pair --server ${origin} --code ${code}${isPlainHttp(origin) ? ' --insecure' : ''}`
}

/** `9:05`; never below `0:00`. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
