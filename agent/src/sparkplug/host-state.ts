/** What is known of the primary host on this connection. */
export interface HostState {
  isOnline: boolean
  timestampMs: number
}

export type HostStateChange = 'online' | 'offline' | 'none' | 'older' | 'invalid'

/**
 * Takes a STATE message in. Older timestamps than the last one are ignored, since brokers deliver late wills
 * (tck-id-message-flow-phid-sparkplug-state-publish-*).
 */
export function takeHostState(known: HostState | undefined, bytes: Uint8Array): { state: HostState | undefined; change: HostStateChange } {
  let message: { online?: unknown; timestamp?: unknown }
  try {
    message = JSON.parse(Buffer.from(bytes).toString('utf8')) as typeof message
  } catch {
    return { state: known, change: 'invalid' }
  }
  const { online, timestamp } = message ?? {}
  if (typeof online !== 'boolean' || typeof timestamp !== 'number') return { state: known, change: 'invalid' }
  if (known && timestamp < known.timestampMs) return { state: known, change: 'older' }
  const state = { isOnline: online, timestampMs: timestamp }
  if ((known?.isOnline ?? false) === online) return { state, change: 'none' }
  return { state, change: online ? 'online' : 'offline' }
}
