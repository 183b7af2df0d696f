import { type DeviceSettings, parseDeviceSettings } from '@roomkeeper/shared/model'
import { DEVICE_SETTINGS, type Payload, PROPERTY } from '@roomkeeper/shared/sparkplug'
import type { Logger } from 'pino'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { DeviceEntry } from '../ingest/entries.ts'
import type { NodeCommands } from '../ingest/node-commands.ts'
import type { NodeSession } from '../ingest/node-session.ts'
import { addSettings, canonicalSettings, newestSettings, settingsOf, settingsState, UNSUPPORTED } from './settings-rows.ts'

export interface DeviceSettingsDependencies {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  /** The agent's connection as it is now. */
  agents: { readonly sessions: ReadonlyMap<string, NodeSession>; readonly commands: Pick<NodeCommands, 'deviceSettings'> }
}

/** A command may be lost (QoS 0), or the agent's answer: it is repeated this often until a birth confirms it. */
const REPEAT_MS = 10_000
const LOOK_MS = 1000

interface Waiting {
  device: DeviceEntry
  settings: DeviceSettings
  sentAtMs: number
}

/**
 * Brings what people set for devices to their agents. The server owns the wanted settings; a birth says what the agent has, and what
 * differs is sent again until they are the same. An agent that is away gets them at its next birth.
 */
export class DeviceSettingsDelivery {
  private readonly dependencies: DeviceSettingsDependencies
  private readonly waiting = new Map<number, Waiting>()
  /** Time at the agent of the birth that brought the settings it has now: readings from then on are made with them. */
  private readonly heldSince = new Map<number, number>()
  private timer: NodeJS.Timeout | undefined

  constructor(dependencies: DeviceSettingsDependencies) {
    this.dependencies = dependencies
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), LOOK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Repeats what was not confirmed; called every second. */
  tick(): void {
    for (const waiting of this.waiting.values()) if (this.dependencies.clock.nowMs() - waiting.sentAtMs >= REPEAT_MS) this.send(waiting)
  }

  /** Agent's clock, ms: readings before it may have been made with other settings. 0 when they have not changed since the start. */
  heldSinceMs(deviceId: number): number {
    return this.heldSince.get(deviceId) ?? 0
  }

  /** A birth says what the agent has. A failure is logged: it must not keep the device from being read. */
  async born(device: DeviceEntry, birth: Payload): Promise<void> {
    try {
      await this.takeUp(device, birth)
    } catch (error) {
      this.dependencies.log.error(
        { module: 'devices', device: device.device, err: error },
        'the settings of a device could not be compared',
      )
    }
  }

  private async takeUp(device: DeviceEntry, birth: Payload): Promise<void> {
    const { db } = this.dependencies
    const metric = birth.metrics.find(({ name }) => name === DEVICE_SETTINGS)
    const said = parseDeviceSettings(metric?.value)
    const held = metric === undefined ? UNSUPPORTED : canonicalSettings(said ?? { calibrations: {} })
    const row = await db
      .selectFrom('device')
      .select(['heldSettingsJson', 'ownIntervalMs'])
      .where('id', '=', device.id)
      .executeTakeFirstOrThrow()
    const ownIntervalMs = said?.intervalMs === undefined ? fastestIntervalMs(birth) : row.ownIntervalMs
    if (row.heldSettingsJson !== held || row.ownIntervalMs !== ownIntervalMs)
      await db.updateTable('device').set({ heldSettingsJson: held, ownIntervalMs }).where('id', '=', device.id).execute()
    if (row.heldSettingsJson !== null && row.heldSettingsJson !== held) this.heldSince.set(device.id, birth.timestampMs)
    if (said && hasContent(said) && !(await newestSettings(db, device.id))) await this.adopt(device, said)
    await this.deliver(device)
  }

  /** The agent was calibrated by a server that is gone: its corrections stay in force, and are shown. */
  private async adopt(device: DeviceEntry, settings: DeviceSettings): Promise<void> {
    const { db, clock } = this.dependencies
    const nowMs = clock.nowMs()
    await db.transaction().execute(async (transaction) => {
      const found = { settings, change: 'found', pointKey: null, reference: '', reason: '', author: 'system' } as const
      await addSettings(transaction, device.id, found, nowMs)
      const entry = { actor: 'system', action: 'device.settings-found', entity: `device:${device.id}`, after: settings }
      await appendAudit(transaction, entry, nowMs)
    })
  }

  /** Compares what is wanted with what the agent has; sends what differs. Call after either changed. */
  async deliver(device: DeviceEntry): Promise<void> {
    const { db } = this.dependencies
    const wanted = await newestSettings(db, device.id)
    const row = await db.selectFrom('device').select('heldSettingsJson').where('id', '=', device.id).executeTakeFirst()
    const state = settingsState(wanted && canonicalSettings(wanted.settings), row?.heldSettingsJson ?? null)
    if (state !== 'waiting' || !wanted) {
      this.waiting.delete(device.id)
      return
    }
    const { settings } = wanted
    const before = this.waiting.get(device.id)
    const isSame = before && canonicalSettings(before.settings) === canonicalSettings(settings)
    const waiting = { device, settings, sentAtMs: isSame ? before.sentAtMs : 0 }
    this.waiting.set(device.id, waiting)
    // A birth that follows the command at once may have been on its way before it.
    if (this.dependencies.clock.nowMs() - waiting.sentAtMs >= LOOK_MS) this.send(waiting)
  }

  private send(waiting: Waiting): void {
    const { agents, clock } = this.dependencies
    const session = agents.sessions.get(`${waiting.device.site}/${waiting.device.node}`)
    if (!session?.isOnline) return
    waiting.sentAtMs = clock.nowMs()
    agents.commands.deviceSettings(session, waiting.device.device, canonicalSettings(waiting.settings))
  }
}

function hasContent({ intervalMs, calibrations }: DeviceSettings): boolean {
  return intervalMs !== undefined || Object.keys(calibrations).length > 0
}

/** The interval of the points read most often: that of the device's own scan. */
function fastestIntervalMs(birth: Payload): number | null {
  const intervals = birth.metrics.flatMap(({ properties }) => {
    const value = properties?.[PROPERTY.intervalMs]
    return typeof value === 'number' && value > 0 ? [value] : []
  })
  return intervals.length === 0 ? null : Math.round(Math.min(...intervals))
}

/** The offset that the agent adds to a point now. */
export function heldOffset(heldSettingsJson: string | null, key: string): number {
  return settingsOf(heldSettingsJson).calibrations[key]?.offset ?? 0
}
