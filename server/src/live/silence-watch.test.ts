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
import { CLOCK_LIMIT_MS, DEVICE_GRACE_MS, NODE_GRACE_MS, SilenceWatch, staleAfterMs } from './silence-watch.ts'

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
  /** A second point of the device, read as often. */
  let partner: PointEntry
  /** A second device of the same agent, with one point. */
  let neighbour: DeviceEntry
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
    partner = device.points.get('q') as PointEntry
    neighbour = entry.devices.get('e') as DeviceEntry
    live = new LiveValues()
    const commands = new NodeCommands({
      clock,
      connection: { publish: async () => undefined },
      writer: { hasRoom: () => true },
    })
    const alarms = {
      submit: ({ kind, signal }: AlarmChange) => {
        const of = signal.sourceId === point.id || signal.source !== 'point' ? '' : ` of ${partner.id === signal.sourceId ? 'q' : 'e'}`
        told.push(`${kind} ${signal.condition}${signal.source === 'device' && signal.sourceId === neighbour.id ? ' of e' : of}`)
        standing = standing.filter(({ condition, sourceId }) => condition !== signal.condition || sourceId !== signal.sourceId)
        if (kind === 'raise') standing.push(signal)
      },
    }
    watch = new SilenceWatch({ clock, directory, live, ingest: { sessions: new Map([['s/n', session]]), commands }, alarms })
    watch.start(standing)
  }

  const comeBack = (): void => {
    session.isOnline = true
    session.lastSeenMs = nowMs
    for (const each of [device, neighbour]) {
      if (!each.online && nowMs - each.offlineSinceMs >= 5000) each.onlineSinceMs = nowMs
      each.online = true
      each.offlineSinceMs = 0
    }
  }
  const dies = (each: DeviceEntry): void => {
    each.online = false
    each.offlineSinceMs = nowMs
  }
  const goAway = (): void => {
    session.isOnline = false
    session.offlineSinceMs = nowMs
    dies(device)
    dies(neighbour)
  }
  const readOne = (each: PointEntry): void => {
    session.lastSeenMs = nowMs
    each.live.receivedAtMs = nowMs
    each.live.quality = 'good'
  }
  const readPartner = (): void => readOne(partner)
  const readNeighbour = (): void => {
    for (const each of neighbour.points.values()) readOne(each)
  }
  const readDevice = (): void => {
    readOne(point)
    readOne(partner)
  }
  const read = (): void => {
    readDevice()
    readNeighbour()
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
    for (const [name, keys] of [
      ['d', ['p', 'q']],
      ['e', ['r']],
    ] as const) {
      const born = { nodeId, device: name, name, nameEn: '', nameByPerson: 0, maker: '', model: '', roomId, online: 1, bornAtMs: nowMs }
      const { id: deviceId } = await db.insertInto('device').values(born).returning('id').executeTakeFirstOrThrow()
      const described = { name: '', nameEn: '', nameByPerson: 0, kind: 'number', unit: '1', intervalMs: INTERVAL_MS, low: null, high: null }
      for (const key of keys)
        await db
          .insertInto('point')
          .values({ deviceId, key, ...described })
          .execute()
    }
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
    const others = (): void => {
      readPartner()
      readNeighbour()
    }
    pass(staleAfterMs(INTERVAL_MS), others)
    expect(told).toEqual([])
    pass(2000, others)
    expect(told).toEqual(['raise no-data'])
    expect(point.live.quality).toBe('stale')
    pass(60_000, others)
    pass(2000, read)
    expect(told).toEqual(['raise no-data', 'clear no-data'])
  })

  it('does not take a start of the server for the end of a silence, nor raises it twice', async () => {
    const others = (): void => {
      readPartner()
      readNeighbour()
    }
    comeBack()
    read()
    pass(staleAfterMs(INTERVAL_MS) + 2000, others)
    await start()
    comeBack()
    pass(120_000, others)
    expect(told).toEqual(['raise no-data'])
    pass(2000, read)
    expect(told).toEqual(['raise no-data', 'clear no-data'])
  })

  it('gives a point that was never read its three intervals after the start', () => {
    const others = (): void => {
      readPartner()
      readNeighbour()
    }
    comeBack()
    pass(staleAfterMs(INTERVAL_MS), others)
    expect(told).toEqual([])
    pass(2000, others)
    expect(told).toEqual(['raise no-data'])
  })

  describe('one alarm for the cause', () => {
    it('a device that falls silent without a word is one device-offline, whatever its points', () => {
      comeBack()
      pass(5000, read)
      pass(120_000, readNeighbour)
      expect(told).toEqual(['raise device-offline'])
      expect([point.live.quality, partner.live.quality]).toEqual(['stale', 'stale'])
      pass(2000, read)
      expect(told).toEqual(['raise device-offline', 'clear device-offline'])
    })

    it('its death that comes after the silence was told adds nothing; only a reading ends it', () => {
      comeBack()
      pass(5000, read)
      pass(60_000, readNeighbour)
      dies(device)
      pass(60_000, readNeighbour)
      comeBack()
      pass(20_000, readNeighbour)
      expect(told).toEqual(['raise device-offline'])
      pass(1000, read)
      expect(told).toEqual(['raise device-offline', 'clear device-offline'])
    })

    it('raises what was suppressed when the device is back and it still holds', () => {
      comeBack()
      pass(5000, read)
      dies(device)
      pass(120_000, readNeighbour)
      expect(told).toEqual(['raise device-offline'])
      comeBack()
      const withoutPoint = (): void => {
        readPartner()
        readNeighbour()
      }
      pass(staleAfterMs(INTERVAL_MS), withoutPoint)
      expect(told).toEqual(['raise device-offline', 'clear device-offline'])
      pass(2000, withoutPoint)
      expect(told).toEqual(['raise device-offline', 'clear device-offline', 'raise no-data'])
    })

    it('leaves a no-data alarm standing that stood before its device went away, and after a restart', async () => {
      comeBack()
      pass(5000, read)
      const withoutPoint = (): void => {
        readPartner()
        readNeighbour()
      }
      pass(40_000, withoutPoint)
      dies(device)
      pass(60_000, readNeighbour)
      await start()
      session.isOnline = true
      neighbour.online = true
      pass(60_000, readNeighbour)
      comeBack()
      pass(60_000, withoutPoint)
      expect(told).toEqual(['raise no-data', 'raise device-offline', 'clear device-offline'])
      pass(1000, read)
      expect(told.at(-1)).toBe('clear no-data')
    })

    it('an agent that falls silent without a word is one node-offline; its devices are not told', () => {
      comeBack()
      pass(5000, read)
      pass(staleAfterMs(INTERVAL_MS) + NODE_GRACE_MS - 2000)
      expect(told).toEqual([])
      pass(300_000)
      expect(told).toEqual(['raise node-offline'])
      goAway()
      pass(60_000)
      comeBack()
      pass(5000, read)
      expect(told).toEqual(['raise node-offline', 'clear node-offline'])
    })

    it('at the return of an agent its devices get a moment for their births; one that is not born is told', () => {
      comeBack()
      pass(5000, read)
      goAway()
      pass(120_000)
      session.isOnline = true
      pass(DEVICE_GRACE_MS - 1000, () => (session.lastSeenMs = nowMs))
      expect(told).toEqual(['raise node-offline', 'clear node-offline'])
      neighbour.online = true
      pass(60_000, readNeighbour)
      expect(told).toEqual(['raise node-offline', 'clear node-offline', 'raise device-offline'])
    })

    it('an agent that comes and goes does not hide a device that stays away', () => {
      comeBack()
      pass(5000, read)
      dies(device)
      for (let i = 0; i < 5; i++) {
        session.isOnline = false
        session.offlineSinceMs = nowMs
        pass(4000)
        session.isOnline = true
        pass(2000, readNeighbour)
      }
      expect(told).toContain('raise device-offline')
    })

    it('does not count a device as missed while births of its agent are still being written', () => {
      comeBack()
      pass(5000, read)
      goAway()
      pass(60_000)
      session.isOnline = true
      session.waiting = []
      pass(20_000, () => (session.lastSeenMs = nowMs))
      expect(told).toEqual(['raise node-offline', 'clear node-offline'])
      session.waiting = undefined
      pass(DEVICE_GRACE_MS, () => (session.lastSeenMs = nowMs))
      expect(told).toEqual(['raise node-offline', 'clear node-offline', 'raise device-offline', 'raise device-offline of e'])
    })

    it('a silence that nobody wants to know of is none, and is told when it is wanted again', () => {
      const others = (): void => {
        readPartner()
        readNeighbour()
      }
      comeBack()
      pass(5000, read)
      const wanted = point.limits
      point.limits = []
      pass(60_000, others)
      expect(told).toEqual([])
      point.limits = wanted
      pass(2000, others)
      expect(told).toEqual(['raise no-data'])
      point.limits = []
      pass(2000, others)
      point.limits = wanted
      pass(2000, others)
      expect(told).toEqual(['raise no-data', 'raise no-data'])
    })

    it('says nothing of a device that was taken out of use, nor of an agent that has only such', () => {
      comeBack()
      pass(5000, read)
      device.retired = true
      neighbour.retired = true
      goAway()
      pass(300_000)
      expect(told).toEqual([])
      device.retired = false
      pass(NODE_GRACE_MS)
      expect(told).toEqual(['raise node-offline'])
    })
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
    dies(device)
    pass(60_000, readNeighbour)
    expect(told).toEqual(['raise device-offline'])
    await start()
    session.isOnline = true
    neighbour.online = true
    pass(60_000, readNeighbour)
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
