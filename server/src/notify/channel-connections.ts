import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import { type Channel, type ChannelConnection, type ChannelContext, ChannelError, type Reply } from './channels/channel.ts'

export interface ConnectionsDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  kinds: ReadonlyMap<string, Channel>
  switchOutput?: ChannelContext['switchOutput']
  onReply(channelId: number, reply: Reply): void
}

interface Open {
  revision: number
  connection: Promise<ChannelConnection>
}

/** One open connection for each channel that is set up; opened anew when its settings changed. */
export class ChannelConnections {
  private readonly deps: ConnectionsDeps
  private readonly open = new Map<number, Open>()

  constructor(deps: ConnectionsDeps) {
    this.deps = deps
  }

  /** Opens what is enabled, so that answers come in even while nothing is sent, and closes the rest. A channel that cannot be opened is logged. */
  async sync(): Promise<void> {
    const { db, log } = this.deps
    const rows = await db.selectFrom('channel').select(['id']).where('enabled', '=', 1).where('removedAtMs', 'is', null).execute()
    const wanted = new Set(rows.map(({ id }) => id))
    for (const id of this.open.keys()) if (!wanted.has(id)) await this.close(id)
    for (const id of wanted)
      await this.of(id).catch((error: unknown) => log.warn({ module: 'notify', channel: id, err: error }, 'a channel cannot be opened'))
  }

  /**
   * The channel's connection by its settings of now.
   * @throws ChannelError
   */
  async of(channelId: number): Promise<ChannelConnection> {
    const row = await this.deps.db.selectFrom('channel').selectAll().where('id', '=', channelId).executeTakeFirst()
    if (!row || row.removedAtMs !== null) throw new ChannelError('configuration', '通道已删除 · the channel is removed')
    const known = this.open.get(channelId)
    if (known?.revision === row.revision) return known.connection
    const connection = this.openChannel(row)
    this.open.set(channelId, { revision: row.revision, connection })
    // A failed opening is not kept: the next attempt tries anew.
    connection.catch(() => {
      if (this.open.get(channelId)?.connection === connection) this.open.delete(channelId)
    })
    if (known) await closeQuietly(known)
    return connection
  }

  private async openChannel(row: { id: number; kind: string; settingsJson: string }): Promise<ChannelConnection> {
    const { db, clock, log, kinds, switchOutput, onReply } = this.deps
    const channel = kinds.get(row.kind)
    if (!channel) throw new ChannelError('configuration', `没有这种通道 · no such kind of channel: ${row.kind}`)
    const secrets = await db.selectFrom('channelSecret').select(['name', 'value']).where('channelId', '=', row.id).execute()
    const settings = channel.settings.safeParse({
      ...(JSON.parse(row.settingsJson) as Record<string, unknown>),
      ...Object.fromEntries(secrets.map(({ name, value }) => [name, value])),
    })
    if (!settings.success)
      throw new ChannelError(
        'configuration',
        `设置有误 · wrong settings: ${settings.error.issues.map(({ message }) => message).join('; ')}`,
      )
    return channel.open(settings.data, {
      log: log.child({ module: 'notify', channel: row.id, kind: row.kind }),
      clock,
      switchOutput,
      onReply: (reply) => onReply(row.id, reply),
    })
  }

  private async close(channelId: number): Promise<void> {
    const known = this.open.get(channelId)
    this.open.delete(channelId)
    if (known) await closeQuietly(known)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.open.keys()].map((id) => this.close(id)))
  }
}

async function closeQuietly({ connection }: Open): Promise<void> {
  await connection.then((one) => one.close()).catch(() => undefined)
}
