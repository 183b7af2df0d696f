import type { Channel, NoticePerson } from '@roomkeeper/shared/http'
import type { ServerProcess } from './services/server-process.ts'

const HOUR_MS = 3_600_000

/** A way to tell somebody: the channel's kind and settings, and an address for a channel that reaches persons. */
export interface Way {
  kind: string
  settings: Record<string, unknown>
  address?: string
}

/** A mail server of the tests. */
export const mailBy = (port: number, address: string): Way => ({
  kind: 'mail',
  settings: { host: '127.0.0.1', port, tls: 'none', from: 'roomkeeper@hospital.example' },
  address,
})

/** Sets the channel up; the account admin is on duty from now on and reached by it. Nobody is called again for a day. */
export async function tellBy(server: ServerProcess, { kind, settings, address }: Way): Promise<Channel> {
  const channel = await server.send<Channel>('POST', '/api/channels', { kind, label: kind, enabled: true, minPriority: 'low', settings })
  const [admin] = await server.get<NoticePerson[]>('/api/people')
  if (!admin) throw new Error('there is nobody to be told')
  const { accountId } = admin
  const nowMs = Date.now()
  await server.send('POST', '/api/shifts', { accountId, fromMs: nowMs - HOUR_MS, toMs: nowMs + 24 * HOUR_MS })
  if (address !== undefined)
    await server.send('POST', '/api/contacts', {
      accountId,
      channelId: channel.id,
      address,
      minPriority: 'low',
      language: 'zh',
      enabled: true,
    })
  const { revision } = await server.get<{ revision: number }>('/api/escalation')
  const tiers = [{ afterMinutes: 1440, who: { kind: 'on-duty' } }]
  await server.send('PUT', '/api/escalation', {
    minPriority: 'critical',
    tiers,
    repeatMinutes: 1440,
    revision,
    reason: 'only the first call counts',
  })
  return channel
}
