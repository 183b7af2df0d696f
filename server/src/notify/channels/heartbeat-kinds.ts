import { CHANNELS } from './index.ts'

/** Channel kinds that carry heartbeats and nothing else: no alarm is told by them, and having one is not having a channel. */
export const HEARTBEAT_KINDS: readonly string[] = CHANNELS.filter(({ carries }) => carries === 'heartbeat').map(({ name }) => name)
