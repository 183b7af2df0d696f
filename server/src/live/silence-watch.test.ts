import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlarmChange } from '../alarms/alarm-types.ts'
import { openDatabase } from '../database/database.ts'
import type { Db } from '../database/schema.ts'
import { Directory } from '../ingest/directory.ts'
import type { DeviceEntry, PointEntry } from '../ingest/entries.ts'
import { NodeCommands } from '../ingest/node-commands.ts'
import { NodeSession } from '../ingest/node-session.ts'
import { createRoom } from '../rooms/create-room.ts'
import { LiveValues } from './live-values.ts'
import { CLOCK_LIMIT_MS, NODE_GRACE_MS, SilenceWatch, staleAfterMs } from './silence-watch.ts'

const INTERVAL_MS = 10_000
const LOG = pino({ level: 'silent' })

describe('SilenceWatch', () => {
  let db: Db
  let nowMs: number
  let told: string[]
  let standing: { source: string; sourceId: number; condition: string }[]
  let session: NodeSession
  let device: DeviceEntry
  let point: PointEntry
  let watch: SilenceWatch
  let live: LiveValues
  const clock = { nowMs: () => nowMs }

  /** What a start of the server makes anew: everything but the database and the alarms that stand. */
  const start = async (): Promise<void> => {
    watch?.stop()
    const directory = new Directory(db)
    await directory.load()
    const entry = directory.nodes.get('s/n')
    if (!entry) throw new Error('no node')
    session = new NodeSession(entry, LOG, nowMs)
    device = entry.devices.get('d') as DeviceEntry
    point = device.points.get('p') as PointEntry
    live = new LiveValues()
    const commands = new NodeCommands({
      clock,
      connection: { publish: async () => undefined },
      writer: { hasRoom: () => true },
    })
    const alarms = {
      submit: ({ kind, signal }: AlarmChange) => {
        told.push(`${kind} ${signal.condition}`)
        standing = standing.filter(({ condition }) => condition !== signal.condition)
        if (kind === 'raise') standing.push(signal)
      },
    }
    watch = new SilenceWatch({ clock, directory, live, ingest: { sessions: new Map([['s/n', session]]), commands }, alarms })
    watch.start(standing)
  }

  const comeBack = (): void => {
    session.isOnline = true
    device.online = true
    device.offlineSinceMs = 0
  }
  const goAway = (): void => {
    session.isOnline = false
    session.offlineSinceMs = nowMs
    device.online = false
    device.offlineSinceMs = nowMs
  }
  const read = (): void => {
    point.live.receivedAtMs = nowMs
    point.live.quality = 'good'
  }
  /** Lets time go by, with a look every second. */
  const pass = (ms: number, each: () => void = () => undefined): void => {
    for (let passed = 0; passed < ms; passed += 1000) {
      nowMs += 1000
      each()
      watch.tick()
    }
  }

  beforeEach(async () => {
    db = await openDatabase(':memory:')
    nowMs = 1_700_000_000_000
    told = []
    standing = []
    const nodeId = (
      await db
        .insertInto('edgeNode')
        .values({ site: 's', node: 'n', version: null, lastSeenMs: null, online: 0 })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id
    const roomId = await createRoom(db, { site: 's', name: 'r' }, nowMs)
    const deviceId = (
      await db
        .insertInto('device')
        .values({ nodeId, device: 'd', name: 'd', nameEn: '', nameByPerson: 0, maker: '', model: '', roomId, online: 1, bornAtMs: nowMs })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id
    await db
      .insertInto('point')
      .values({
        deviceId,
        key: 'p',
        name: '',
        nameEn: '',
        nameByPerson: 0,
        kind: 'number',
        unit: '1',
        intervalMs: INTERVAL_MS,
        low: null,
        high: null,
      })
      .execute()
    await start()
  })
  afterEach(async () => {
    watch.stop()
    await db.destroy()
  })

  it('is quiet while readings come', () => {
    comeBack()
    pass(120_000, read)
    expect(told).toEqual([])
    expect(point.live.quality).toBe('good')
  })

  it('calls a point stale and silent after three intervals, until it is read again', () => {
    comeBack()
    read()
    pass(staleAfterMs(INTERVAL_MS))
    expect(told).toEqual([])
    pass(2000)
    expect(told).toEqual(['raise no-data'])
    expect(point.live.quality).toBe('stale')
    pass(60_000)
    pass(2000, read)
    expect(told).toEqual(['raise no-data', 'clear no-data'])
  })

  it('does not take a start of the server for the end of a silence, nor raises it twice', async () => {
    comeBack()
    read()
    pass(staleAfterMs(INTERVAL_MS) + 2000)
    await start()
    comeBack()
    pass(120_000)
    expect(told).toEqual(['raise no-data'])
    pass(2000, read)
    expect(told).toEqual(['raise no-data', 'clear no-data'])
  })

  it('gives a point that was never read its three intervals after the start', () => {
    comeBack()
    pass(staleAfterMs(INTERVAL_MS))
    expect(told).toEqual([])
    pass(2000)
    expect(told).toEqual(['raise no-data'])
  })

  it('tells that an agent is gone, once, at the top, and over a restart', async () => {
    comeBack()
    read()
    goAway()
    pass(NODE_GRACE_MS - 2000)
    expect(told).toEqual([])
    pass(120_000)
    expect(told).toEqual(['raise node-offline'])
    await start()
    pass(120_000)
    expect(told).toEqual(['raise node-offline'])
    comeBack()
    pass(1000, read)
    expect(told).toEqual(['raise node-offline', 'clear node-offline'])
  })

  it('tells that a device is gone while its agent is there', async () => {
    comeBack()
    pass(1000, read)
    device.online = false
    device.offlineSinceMs = nowMs
    pass(60_000)
    expect(told).toEqual(['raise device-offline'])
    await start()
    session.isOnline = true
    pass(60_000)
    expect(told).toEqual(['raise device-offline'])
    comeBack()
    pass(2000, read)
    expect(told).toEqual(['raise device-offline', 'clear device-offline'])
  })

  it('tells that the clock of an agent is wrong, and right again', async () => {
    comeBack()
    session.clockOffsetMs = CLOCK_LIMIT_MS + 1
    pass(5000, read)
    expect(told).toEqual(['raise clock-wrong'])
    await start()
    comeBack()
    session.clockOffsetMs = -CLOCK_LIMIT_MS - 1
    pass(5000, read)
    session.clockOffsetMs = 10
    pass(5000, read)
    expect(told).toEqual(['raise clock-wrong', 'clear clock-wrong'])
  })
})
