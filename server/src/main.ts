import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { createAccounts } from './accounts/accounts.ts'
import type { FirstAccount } from './accounts/first-account.ts'
import { AlarmStore } from './alarms/alarm-store.ts'
import { LifeWatch } from './alarms/life-watch.ts'
import { createHttpServer } from './api/http-server.ts'
import { createRouter } from './api/router.ts'
import { type Credentials, createCredentials } from './broker/credentials.ts'
import { openBroker } from './broker/open-broker.ts'
import type { ServerConfig } from './config/settings.ts'
import { openDatabase } from './database/database.ts'
import { DeviceSettingsDelivery } from './devices/device-settings.ts'
import { logHealthChanges } from './health-log.ts'
import { attachIncident } from './incidents/incident-births.ts'
import { IncidentCurves } from './incidents/incident-curves.ts'
import type { TrackedScan } from './ingest/commit-queue.ts'
import { Committer } from './ingest/committer.ts'
import { Directory } from './ingest/directory.ts'
import { Ingest } from './ingest/ingest.ts'
import { quarantineInto } from './ingest/quarantine.ts'
import type { NewJudge } from './limits/combinations/combination-judge.ts'
import { CombinationWatch } from './limits/combinations/combination-watch.ts'
import { localMinuteOf } from './limits/local-minute.ts'
import { PointJudge } from './limits/point-judge.ts'
import { Rehearsals } from './limits/rehearsal/rehearsals.ts'
import { LiveValues } from './live/live-values.ts'
import { SilenceWatch } from './live/silence-watch.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createNoticeMetrics } from './metrics/notice-metrics.ts'
import { trackAlarmsActive } from './metrics/track-alarms.ts'
import { SeenAddresses } from './network/seen-addresses.ts'
import { beaconOutputs } from './notify/beacons.ts'
import { CHANNELS } from './notify/channels/index.ts'
import { guardedQueue } from './notify/guarded-queue.ts'
import { Notifier, placeKindsOf } from './notify/notifier.ts'
import { createPipeline } from './notify/pipeline.ts'
import { brokerForAgents } from './pairing/broker-for-agents.ts'
import { createPairings } from './pairing/pairings.ts'
import { UnknownDevices } from './paper/unknown-devices.ts'
import { drillBroker } from './proof/drill-broker.ts'
import { liveCounts } from './proof/live-counts.ts'
import { createProof } from './proof/proof.ts'
import { createPush } from './push/push.ts'
import { openReadings } from './readings/open-readings.ts'
import { ReadingWriter } from './readings/writer.ts'
import { createRegisterParts } from './registers/register-parts.ts'
import { createReportRunner } from './reports/schedules/report-runner.ts'
import { createRoom } from './rooms/create-room.ts'
import { drawDemoPlan } from './rooms/demo-plan.ts'
import { MinuteTick } from './schedules/minute-tick.ts'
import { createScheduleRunner } from './schedules/schedule-runner.ts'
import { createTailSocket } from './tail/tail-socket.ts'
import { RoomThermalWatch } from './thermal/room-thermal-watch.ts'
import { VERSION } from './version.ts'

export interface ServerOptions {
  config: ServerConfig
  log: Logger
  clock?: { nowMs(): number }
}

export interface RunningServer {
  httpPort: number
  /** undefined with an outside broker. */
  mqttPort: number | undefined
  /** Printed once by the command line; null when accounts exist already or the password was given. */
  firstAccount: FirstAccount | null
  credentials: Credentials
  /** Draws the plan of the demonstration's room; says whether there is nothing more to do. */
  drawDemoPlan(agent: { site: string; node: string }): Promise<boolean>
  /** What does not turn any more, so that only a new start helps; undefined when all is well. A part that is away and tried again is none of it. */
  stuck(): string | undefined
  /** One line for `systemctl status`. */
  statusText(): string
  stop(): Promise<void>
}

/** A commit takes milliseconds, and seconds while its database is slow; one that takes this long waits for an answer that is lost. */
const COMMIT_STUCK_MS = 5 * 60_000

const SYSTEM_CLOCK = { nowMs: () => Date.now() }
/** Notices link to the dashboard where its address is known: as set, or the first origin that people set. */
function dashboardUrl({ publicUrl, allowedOrigins: [first] }: ServerConfig, path: string): string | undefined {
  const origin = publicUrl ?? first
  return origin === undefined ? undefined : `${origin.replace(/\/$/, '')}${path}`
}

const DASHBOARD_DIR = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))
/** What is queued for the readings store gets this long at a stop; the rest is replayed by the agents. */
const DRAIN_MS = 3000

/** Starts everything in order; `stop` undoes it in reverse. Rejects when something a person must mend keeps it from starting. */
export async function startServer({ config, log, clock = SYSTEM_CLOCK }: ServerOptions): Promise<RunningServer> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const db = await openDatabase(config.databaseUrl ?? join(config.dataDir, 'roomkeeper.db'))
  const metrics = createMetrics()
  const accounts = createAccounts({ db, clock, log })
  const firstAccount = await accounts.ensureFirstAccount(config.adminPassword)

  const localMinute = localMinuteOf(config.timeZone)
  const directory = new Directory(db, localMinute)
  await directory.load()
  const { store, stopStarting } = await openReadings({ config, db, log, clock, directory })
  const quarantine = quarantineInto(db, clock)
  const writer = new ReadingWriter({
    store,
    onStored: (scans) => {
      for (const scan of scans as readonly TrackedScan[]) scan.isStored = true
    },
    quarantine: async (scan, pointIndex, reason) => {
      await quarantine(scan, pointIndex, reason)
      metrics.readingsQuarantined.inc(pointIndex === 'all' ? scan.points.length : 1)
      log.warn(
        { module: 'readings', device: scan.device.device, offset: scan.offset, reason },
        'the store refused a reading; it is in quarantine',
      )
    },
  })

  const kinds = new Map(CHANNELS.map((channel) => [channel.name, channel]))
  const urlOf = () => dashboardUrl(config, '/alarms')
  const queueNotices = guardedQueue(createPipeline({ placeKinds: placeKindsOf(kinds), urlOf }), log)
  const alarms = new AlarmStore({ db, clock, log, attachIncident, queueNotices })
  await alarms.start()
  const live = new LiveValues()

  const { broker, port: mqttPort } = await openBroker({ config, db, log, clock })
  const credentials = createCredentials({ db, access: broker.access, log, clock })
  const tail = createTailSocket({
    dataDir: config.dataDir,
    log,
    clock,
    sessions: () => ingest.sessions.values(),
    rebirth: (session) => ingest.commands.rebirth(session, 'roomkeeper tail --rebirth'),
  })
  const connection = tail.tap(broker.connectHost())

  let push: Awaited<ReturnType<typeof createPush>> | undefined
  const change: NonNullable<typeof push>['change'] = (message) => push?.change(message)
  const ingest: Ingest = new Ingest({
    db,
    clock,
    log,
    directory,
    live,
    connection,
    alarms,
    writer,
    createRoom,
    onDeviceBirth: async (device, birth) => {
      await settings.born(device, birth)
      notifier.outputsAreBack(device)
      void unknownDevices.look()
    },
    counters: {
      received: (readings) => metrics.readingsReceived.inc(readings),
      lagMs: (ms) => metrics.ingestLagSeconds.observe(ms / 1000),
    },
    onChange: (topic) => change({ topic }),
    onNeighbours: (path, neighbours) => seenAddresses.note(path, neighbours),
  })
  const seenAddresses = new SeenAddresses({
    db,
    clock,
    log,
    changed: () => change({ topic: 'network' }),
    isOnline: (path) => [...ingest.sessions.values()].some((session) => session.path === path && session.isOnline),
  })
  const unknownDevices: UnknownDevices = new UnknownDevices({ db, clock, log, alarms })
  const committer = new Committer({ db, clock, log, ingest, alarms, committed: (readings) => metrics.readingsCommitted.inc(readings) })
  const settings: DeviceSettingsDelivery = new DeviceSettingsDelivery({ db, clock, log, agents: ingest })
  const silence = new SilenceWatch({ clock, directory, live, ingest, alarms })
  const newJudge: NewJudge = (limits, snapshot) => new PointJudge(limits, snapshot, 'live', localMinute)
  const combinations = new CombinationWatch({ db, clock, log, directory, live, alarms, newJudge })
  const rehearsals = new Rehearsals({ clock, log, directory, live, readings: store, newJudge, timeZone: config.timeZone })

  const notifier: Notifier = new Notifier({
    db,
    clock,
    log,
    kinds,
    urlOf,
    pageUrl: (path) => dashboardUrl(config, path),
    alarms,
    outputs: beaconOutputs({ db, clock, directory, ingest }),
    metrics: createNoticeMetrics(metrics.registry),
    change: (message) => change(message),
  })
  const wake = (): void => notifier.wake()
  const life: LifeWatch = new LifeWatch({
    db,
    clock,
    log,
    alarms,
    placeKinds: placeKindsOf(kinds),
    beforeMoving: () => paper.second(),
    wake,
    change: (one) => change(one),
  })
  const thermalWatch = new RoomThermalWatch({ db, clock, localMinute, log, directory, readings: store, change: (one) => change(one) })
  const curves = new IncidentCurves({ db, readings: store, directory, clock, log })
  const activeAlarms = trackAlarmsActive({ db, metrics, log })
  alarms.onTransition((notice) => {
    push?.alarm(notice)
    notifier.wake()
    proof.drills.noticed(notice)
    activeAlarms.refresh()
    if (notice.incidentId !== null) curves.fetchSoon(notice.incidentId)
    change({ topic: 'alarms', id: notice.alarmId })
    if (notice.incidentId !== null) change({ topic: 'incidents', id: notice.incidentId })
  })
  const pairings = createPairings({ db, credentials, clock, log, onChange: () => change({ topic: 'agents' }) })
  const schedules = createScheduleRunner({ db, clock, alarms, change, log, timeZone: config.timeZone })
  const reportRunner = createReportRunner({
    ...{ db, clock, log, timeZone: config.timeZone, directory, readings: store, alarms },
    change: (one) => change(one),
    wake: () => notifier.wake(),
  })
  const minuteTick = new MinuteTick({
    // The proof comes last: a heartbeat says that the rest of this minute was done.
    onTick: () =>
      Promise.all([schedules.run(), pairings.expire(), notifier.minute(), paper.minute(), reportRunner.minute()]).then(() =>
        proof.minute(),
      ),
    monotonicMs: () => performance.now(),
    log,
  })

  const health = () => {
    const storeHealth = store.health()
    const writing = writer.health()
    const brokerStatus = broker.status()
    return {
      database: committer.health(),
      alarms: alarms.health().ok && !life.health().ok ? life.health() : alarms.health(),
      notices: notifier.health(),
      readings: {
        ok: storeHealth.state === 'ok' && writing.state === 'ok',
        message: [storeHealth.message, writing.message].filter(Boolean).join('; '),
      },
      broker: {
        ok: connection.connected && brokerStatus.ok,
        message: connection.connected ? brokerStatus.message : `not connected; ${brokerStatus.message}`,
      },
    }
  }
  const healthLog = logHealthChanges(health, log)
  const counts = () => liveCounts({ directory, ingest })
  const proof = createProof({
    db,
    clock,
    log,
    timeZone: config.timeZone,
    credentials,
    broker: () => drillBroker(config, mqttPort),
    alarms,
    change,
    health,
    counts,
    wake: () => notifier.wake(),
  })
  const { registers, paper }: ReturnType<typeof createRegisterParts> = createRegisterParts({
    ...{ db, clock, log, timeZone: config.timeZone, live, directory, readings: store, alarms, accounts, schedules },
    ...{ change, localMinute, unknownDevices },
  })
  const { router, extraRoutes } = createRouter({
    accounts,
    alarms,
    brokerForAgents: () => brokerForAgents(config, mqttPort),
    change,
    clock,
    combinations,
    credentials,
    curves,
    db,
    directory,
    health,
    hostId: config.hostId,
    incidentUrl: (incidentId) => dashboardUrl(config, `/incidents/${incidentId}`),
    ingest,
    kinds,
    life,
    live,
    log,
    notifier,
    pageUrl: (path) => dashboardUrl(config, path),
    pairings,
    proof,
    registers,
    rehearsals,
    reportRunner,
    schedules,
    settings,
    silence,
    store,
    thermalWatch,
    timeZone: config.timeZone,
    unknownDevices,
    version: VERSION,
  })
  const httpServer = createHttpServer({
    router,
    extraRoutes,
    accounts,
    metrics,
    health,
    version: VERSION,
    log,
    dashboardDir: DASHBOARD_DIR,
    allowedOrigins: config.allowedOrigins,
    trustProxy: config.trustProxy,
  })
  const { allowedOrigins, trustProxy } = config
  push = await createPush({ httpServer, accounts, db, live, clock, log, metrics, allowedOrigins, trustProxy })

  await ingest.start()
  connection.onConnected(() => {
    ingest.askForBirths()
    void proof.drills.resume()
    credentials
      .reconcile()
      .catch((error: unknown) => log.warn({ module: 'broker', err: error }, 'credentials could not be compared with the broker'))
  })
  connection.onDisconnected((reason) => {
    log.warn({ module: 'broker', reason }, 'connection to the broker lost')
    for (const session of ingest.sessions.values()) ingest.setNodeOffline(session)
  })
  const standing = await db.selectFrom('alarm').select(['source', 'sourceId', 'condition']).where('active', '=', 1).execute()
  silence.start(standing)
  await life.start()
  await combinations.start()
  settings.start()
  connection.start()
  await tail.start()
  committer.start()
  seenAddresses.start()
  await notifier.start()
  minuteTick.start()
  thermalWatch.start()
  await new Promise<void>((resolve, reject) => {
    httpServer.once('error', reject)
    httpServer.listen(config.httpPort, config.httpHost, resolve)
  })
  const httpPort = (httpServer.address() as AddressInfo).port
  log.info({ module: 'server', httpPort, mqttPort, store: store.kind, version: VERSION }, 'server is ready')

  return {
    httpPort,
    mqttPort,
    firstAccount,
    credentials,
    drawDemoPlan: async (agent) => {
      const isDone = await drawDemoPlan({ db, clock, ...agent })
      if (isDone) change({ topic: 'rooms' })
      return isDone
    },
    stuck: () => (committer.runningMs > COMMIT_STUCK_MS ? 'the commit of readings' : undefined),
    statusText: () => {
      const ill = Object.entries(health()).flatMap(([name, part]) => (part.ok ? [] : [name]))
      return `${counts().agentsOnline} agents online; ${ill.length === 0 ? 'all parts are well' : `not well: ${ill.join(', ')}`}`
    },
    stop: async () => {
      healthLog.stop()
      await minuteTick.stop()
      await proof.drills.stop()
      await reportRunner.stop()
      silence.stop()
      await combinations.stop()
      await thermalWatch.stop()
      await life.stop()
      settings.stop()
      await push?.stop()
      httpServer.closeAllConnections()
      await new Promise((resolve) => httpServer.close(resolve))
      rehearsals.stop()
      await connection.close()
      await tail.stop()
      await pairings.stop()
      stopStarting()
      await writer.stop(DRAIN_MS)
      await committer.stop()
      await seenAddresses.stop()
      await alarms.stop()
      await notifier.stop()
      activeAlarms.stop()
      await broker.close()
      await store.stop()
      metrics.stop()
      await db.destroy()
    },
  }
}
