import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SeededRandom, seededRandom } from '../kit/random.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { type Influxd, startInfluxd } from '../kit/services/influxd.ts'
import { startModbusPeer } from '../kit/services/modbus-peer.ts'
import { type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { AgentProcess } from './agent-process.ts'
import { checkAlarms } from './check-alarms.ts'
import { checkReadings } from './check-readings.ts'
import { ExcursionSchedule, LIMIT } from './excursions.ts'
import { LogArchive } from './log-archive.ts'

export interface FaultOptions {
  serverKills: number
  brokerKills: number
  agentKills: number
  influxOutageMs: number
  seed: number
  /** Files of the run stay here; a temporary folder, deleted afterwards, by default. */
  folder?: string
  onProgress?(line: string): void
  /** Kills come about this often, ms. */
  betweenKillsMs?: number
}

export interface FaultFigures {
  seed: number
  kills: { server: number; broker: number; agent: number; influx_outage_s: number }
  lost_readings: number
  duplicate_readings: number
  lost_alarms: number
  duplicate_alarms: number
  uncleared_alarms: number
  /** Alarms without any excursion. */
  false_alarms: number
  /** Offsets below the last one that no segment of the log ever held. */
  log_holes: number
  expected_readings: number
  expected_alarms: number
  /** Over the whole run, outages of the agent included. */
  readings_per_s: number
  seconds: number
  details: string[]
}

const NODE = { site: 'faults', node: 'killed' }
const DEVICES = 20
const POINTS_PER_DEVICE = 20
const INTERVAL_MS = 200
const ALARM_KEY = 'p0'
/** After the last fault, everything the log holds is committed within this. */
const CATCH_UP_MS = 120_000

/** Runs the whole way with real programs under load, kills them at random, and counts what is missing afterwards. */
export async function runFaults(options: FaultOptions): Promise<FaultFigures> {
  const progress = options.onProgress ?? (() => undefined)
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'roomkeeper-faults-')))
  await mkdir(folder, { recursive: true })
  const undo: (() => Promise<unknown>)[] = []
  if (options.folder === undefined) undo.push(() => rm(folder, { recursive: true, force: true }))
  try {
    // Without limits nothing would be told: excursions begin when they are set.
    let schedules: ExcursionSchedule[] = []
    const peer = await startModbusPeer((unit, register) =>
      register === 0 ? (schedules[unit]?.valueAt(Date.now()) ?? 0) : (Math.floor(Date.now() / 100) + register * 7) % 500,
    )
    undo.push(() => peer.stop())
    const mosquitto = await startMosquitto()
    undo.push(() => mosquitto.dispose())
    const influxd = await startInfluxd()
    undo.push(() => influxd.dispose())
    const server = await startServerProcess({
      env: { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl, ROOMKEEPER_INFLUX_URL: influxd.url, ROOMKEEPER_INFLUX_VERSION: '1' },
      dataDir: join(folder, 'server'),
      logFile: join(folder, 'server.log'),
    })
    undo.push(() => server.dispose())
    const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', NODE)
    const agent = new AgentProcess(join(folder, 'agent'), {
      ...NODE,
      devices: DEVICES,
      pointsPerDevice: POINTS_PER_DEVICE,
      intervalMs: INTERVAL_MS,
      modbusPort: peer.port,
      broker: { url: mosquitto.url, username, password },
    })
    undo.push(() => agent.stop())
    const archive = new LogArchive(agent.logFolder, join(folder, 'archive'))
    undo.push(() => archive.stop())
    await archive.start()
    await agent.start()
    const pointIds = await setLimits(server)
    const startMs = Date.now()
    schedules = Array.from({ length: DEVICES }, (_, device) => new ExcursionSchedule(options.seed * 1000 + device, startMs))
    const people = acknowledgeSome(server, seededRandom(options.seed + 1))
    const kills = await killAtRandom(options, { server, mosquitto, influxd, agent }, progress)
    for (const schedule of schedules) schedule.end(Date.now())
    // The last excursion ends by itself, and a few normal readings follow.
    await sleep(8000)
    await people.stop()
    const lastOffset = Math.max(...(await archive.records()).keys())
    progress(`waiting until offset ${lastOffset} is committed`)
    await waitFor(`offset ${lastOffset} is committed`, CATCH_UP_MS, async () =>
      (await archive.committedOffset()) >= lastOffset ? true : undefined,
    ).catch((error: unknown) => progress(String(error)))
    const seconds = (Date.now() - startMs) / 1000
    await agent.stop()
    await archive.stop()
    const records = await archive.records()
    const readings = await checkReadings(influxd.url, records, lastOffset)
    const alarms = await checkAlarms(server, records.values(), pointIds, ALARM_KEY)
    let holes = 0
    for (let offset = 1; offset <= lastOffset; offset++) if (!records.has(offset)) holes++
    return {
      seed: options.seed,
      kills,
      lost_readings: readings.lost,
      duplicate_readings: readings.duplicate,
      lost_alarms: alarms.lost,
      duplicate_alarms: alarms.duplicate,
      uncleared_alarms: alarms.uncleared,
      false_alarms: alarms.unfounded,
      log_holes: holes,
      expected_readings: readings.expected,
      expected_alarms: alarms.expected,
      readings_per_s: Math.round(readings.expected / seconds),
      seconds: Math.round(seconds),
      details: alarms.details,
    }
  } finally {
    for (const step of undo.reverse()) await step().catch((error: unknown) => progress(String(error)))
  }
}

interface Room {
  id: number
  deviceList: { path: string; points: { id: number; key: string }[] }[]
}

/** Waits until every device is born, and gives its alarm point one limit, without delays: what must be told is then known exactly. */
async function setLimits(server: ServerProcess): Promise<Map<string, number>> {
  const devices = await waitFor('every device is born', 30_000, async () => {
    const rooms = await server.get<{ id: number }[]>('/api/rooms')
    const full = await Promise.all(rooms.map(({ id }) => server.get<Room>(`/api/rooms/${id}`)))
    const list = full.flatMap(({ deviceList }) => deviceList)
    return list.length === DEVICES ? list : undefined
  })
  const pointIds = new Map<string, number>()
  for (const [index, { path, points }] of devices.entries()) {
    const point = points.find(({ key }) => key === ALARM_KEY)
    if (!point) throw new Error(`${path} has no ${ALARM_KEY}`)
    // High alarms open incidents, medium ones do not: both ways are taken.
    const limit = { condition: 'high', value: LIMIT, priority: index % 4 === 0 ? 'high' : 'medium' }
    await server.send('PUT', '/api/limit-sets', {
      target: { scope: 'point', pointId: point.id },
      limits: [limit],
      reason: 'faults',
      basedOn: 0,
    })
    pointIds.set(path.split('/').at(-1) as string, point.id)
  }
  return pointIds
}

/** People acknowledge the alarms of every other point now and then: an alarm comes back both to NORM and to returned-unacknowledged. */
function acknowledgeSome(server: ServerProcess, random: SeededRandom): { stop(): Promise<void> } {
  let isStopped = false
  const acknowledge = async (): Promise<void> => {
    const open = await server.get<{ id: number; pointId: number | null }[]>('/api/alarms?scope=open&limit=500')
    for (const { id, pointId } of open)
      if (pointId !== null && pointId % (2 * POINTS_PER_DEVICE) < POINTS_PER_DEVICE)
        await server.send('POST', `/api/alarms/${id}/acknowledge`, { note: 'faults' })
  }
  const running = (async () => {
    while (!isStopped) {
      await sleep(random.between(1000, 4000))
      // The server is away again and again.
      await acknowledge().catch(() => undefined)
    }
  })()
  return {
    stop: async () => {
      isStopped = true
      await running
    },
  }
}

interface Parts {
  server: ServerProcess
  mosquitto: Mosquitto
  influxd: Influxd
  agent: AgentProcess
}

async function killAtRandom(options: FaultOptions, parts: Parts, progress: (line: string) => void): Promise<FaultFigures['kills']> {
  const { server, mosquitto, influxd, agent } = parts
  const between = options.betweenKillsMs ?? 6000
  const wholeMs = Math.max(options.serverKills * (between + 3000), options.influxOutageMs * 1.5)
  const startMs = performance.now()
  const note = (text: string): void => progress(`${((performance.now() - startMs) / 1000).toFixed(1)} s: ${text}`)
  const randomOf = (index: number) => seededRandom(options.seed * 10 + index)
  const downtime = (random: SeededRandom) => sleep(random.between(300, 1000))
  let isServerUp: Promise<unknown> = Promise.resolve()

  const killServer = async (random: SeededRandom): Promise<void> => {
    for (let kill = 1; kill <= options.serverKills; kill++) {
      // One in four dies while it is starting.
      if (random.next() >= 0.25 || kill === 1) {
        await isServerUp
        await sleep(random.between(300, 2 * between))
      } else await sleep(random.between(100, 1500))
      await server.stop('SIGKILL')
      note(`server killed (${kill})`)
      await downtime(random)
      isServerUp = server.start().catch((error: unknown) => {
        if (!String(error).includes('the server ended')) throw error
      })
    }
    await isServerUp
  }
  const killOther = async (count: number, random: SeededRandom, name: string, kill: () => Promise<void>, start: () => Promise<void>) => {
    for (let index = 1; index <= count; index++) {
      await sleep(random.between(0.4, 1.4) * (wholeMs / (count + 0.5)))
      await kill()
      note(`${name} killed (${index})`)
      await downtime(random)
      await start()
    }
  }
  const stopInflux = async (random: SeededRandom): Promise<void> => {
    if (options.influxOutageMs <= 0) return
    await sleep(random.between(0.1, 0.4) * wholeMs)
    await influxd.stop()
    note(`InfluxDB stopped for ${options.influxOutageMs / 1000} s`)
    await sleep(options.influxOutageMs)
    await influxd.start()
    note('InfluxDB is back')
  }
  await Promise.all([
    killServer(randomOf(0)),
    killOther(
      options.brokerKills,
      randomOf(1),
      'broker',
      () => mosquitto.stop('SIGKILL'),
      () => mosquitto.start(),
    ),
    killOther(
      options.agentKills,
      randomOf(2),
      'agent',
      () => agent.stop('SIGKILL'),
      () => agent.start(),
    ),
    stopInflux(randomOf(3)),
  ])
  note('no more faults')
  return {
    server: options.serverKills,
    broker: options.brokerKills,
    agent: options.agentKills,
    influx_outage_s: options.influxOutageMs / 1000,
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
