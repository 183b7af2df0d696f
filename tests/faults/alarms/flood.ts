import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../../kit/random.ts'
import { waitFor } from '../../kit/services/child-program.ts'
import { startMosquitto } from '../../kit/services/mosquitto.ts'
import { type ServerProcess, startServerProcess } from '../../kit/services/server-process.ts'
import { type SmtpServer, startSmtpServer } from '../../kit/services/smtp-server.ts'
import { mailBy, tellBy } from '../../kit/tell-by.ts'
import { ANSWER_AFTER_MS, CRASH_POINTS, type CrashScene } from './crash-points.ts'
import { FloodLedger, mailIdOf } from './flood-ledger.ts'
import { FloodSource } from './flood-source.ts'

export interface FloodFigures {
  alarms: number
  kills: number
  kills_at: Record<string, number>
  /** Points outside their limits without a standing alarm, and alarms nobody was told of. */
  lost: number
  lost_alarms: number
  untold_alarms: number
  /** Notices called sent that the mail server never had. */
  falsely_sent: number
  /** Further copies of a notice, and further alarms of one point. */
  duplicates: number
  mails: number
  /** Looked at after every kill: each transition has its decision, and each that is to be told has a row that says so. */
  unsent_visible: boolean
  seconds_to_alarms: number
  seconds_to_told: number
}

const NODE = { site: 'faults', node: 'flood' }
const FLOOD_MS = 60_000
/** The others are high: all but the first are gathered into summaries. */
const CRITICAL_SHARE = 0.1
const SETTLE_MS = 420_000

/** Thousands of alarms in a minute through the real server, which is killed again and again; every alarm must stand and be told. */
export async function runFlood(options: {
  alarms: number
  kills: number
  seed: number
  onProgress(line: string): void
}): Promise<FloodFigures> {
  const undo: (() => Promise<unknown>)[] = []
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-flood-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  try {
    let heard = (): void => undefined
    const smtp = await startSmtpServer({ tls: 'none', answerAfterMs: ANSWER_AFTER_MS, onMessage: () => heard() })
    undo.push(() => smtp.stop())
    const mosquitto = await startMosquitto()
    undo.push(() => mosquitto.dispose())
    const server = await startServerProcess({
      env: { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl, ROOMKEEPER_LOG_LEVEL: 'error' },
      dataDir: join(folder, 'data'),
      logFile: join(folder, 'server.log'),
      // It takes the backlog of readings and alarms while it starts.
      startWithinMs: 120_000,
    })
    undo.push(() => server.dispose())
    const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', NODE)
    const { alarms, seed, onProgress } = options
    const flood = { ...NODE, url: mosquitto.url, username, password, alarms, seed, durationMs: FLOOD_MS, criticalShare: CRITICAL_SHARE }
    const source = new FloodSource(flood)
    undo.push(() => source.stop())
    source.generator.connect()
    await waitFor('the agent is ready', 20_000, async () => (source.generator.isReady ? true : undefined))
    await tellBy(server, mailBy(smtp.port, 'duty@hospital.example'))
    const ledger = new FloodLedger(join(server.dataDir, 'roomkeeper.db'))
    undo.push(async () => ledger.close())

    const startMs = performance.now()
    const passed = (): number => Math.round((performance.now() - startMs) / 100) / 10
    source.start()
    const killing = killAgainAndAgain(options, server, {
      random: seededRandom(seed + 1),
      ledger,
      uncommitted: () => source.generator.nextOffset - 1 - source.generator.committedOffset,
      nextMail: () =>
        Promise.race([
          sleep(4000),
          new Promise<void>((resolve) => {
            heard = resolve
          }),
        ]),
    })
    const { at, hidden } = await killing
    await waitFor('every scan is committed', SETTLE_MS, async () => (source.isDone() ? true : undefined)).catch(String)
    const secondsToAlarms = passed()
    onProgress(`${secondsToAlarms} s: every scan is committed, ${ledger.count('alarms')} alarms, ${ledger.count('waiting')} to be told`)
    await waitFor('everything is told', SETTLE_MS, async () => (ledger.count('waiting') === 0 ? true : undefined)).catch(String)
    const secondsToTold = passed()
    onProgress(`${secondsToTold} s: ${ledger.count('sent')} notices sent, ${ledger.count('waiting')} waiting`)
    const isListed = await isEverythingListed(server, ledger)
    const verdict = judge(ledger, smtp, source)
    return {
      alarms: source.points,
      kills: options.kills,
      kills_at: at,
      ...verdict,
      unsent_visible: hidden === 0 && isListed,
      seconds_to_alarms: secondsToAlarms,
      seconds_to_told: secondsToTold,
    }
  } finally {
    for (const step of undo.reverse()) await step().catch((error: unknown) => options.onProgress(String(error)))
  }
}

/** Kills at every crash point in turn. `hidden`: transitions found after a kill of which the database does not say what becomes of them. */
async function killAgainAndAgain(
  { kills, onProgress }: { kills: number; onProgress(line: string): void },
  server: ServerProcess,
  scene: CrashScene,
): Promise<{ at: Record<string, number>; hidden: number }> {
  const at: Record<string, number> = {}
  const points = Object.entries(CRASH_POINTS)
  let hidden = 0
  let starting: Promise<unknown> = Promise.resolve()
  for (let kill = 0; kill < kills; kill += 1) {
    const [name, come] = points[kill % points.length] as (typeof points)[number]
    if (name !== 'the server is starting') {
      await starting
      await sleep(scene.random.between(200, 1200))
    }
    await come(scene)
    await server.stop('SIGKILL')
    at[name] = (at[name] ?? 0) + 1
    const now = scene.ledger.count('undecided') + scene.ledger.count('rowless')
    hidden += now
    onProgress(`kill ${kill + 1}: ${name}; ${scene.ledger.count('alarms')} alarms, ${scene.ledger.count('sent')} sent, ${now} hidden`)
    await sleep(scene.random.between(100, 500))
    const startMs = performance.now()
    starting = server.start().then(
      () => onProgress(`the server answers after ${Math.round(performance.now() - startMs)} ms`),
      (error: unknown) => {
        // One that is killed while it starts never answers.
        if (!String(error).includes('the server ended')) throw new Error(`${String(error)}\n${server.output()}`)
      },
    )
  }
  await starting
  return { at, hidden }
}

/** The page of notices shows as many unsent ones as there are. */
async function isEverythingListed(server: ServerProcess, ledger: FloodLedger): Promise<boolean> {
  const listed = await Promise.all(
    ['pending', 'failed'].map((state) => server.get<unknown[]>(`/api/notices?state=${state}&limit=500`).then(({ length }) => length)),
  )
  const waiting = ledger.count('unsent')
  return listed.reduce((sum, count) => sum + count, 0) === Math.min(waiting, 1000)
}

function judge(
  ledger: FloodLedger,
  smtp: SmtpServer,
  source: FloodSource,
): Pick<FloodFigures, 'lost' | 'lost_alarms' | 'untold_alarms' | 'falsely_sent' | 'duplicates' | 'mails'> {
  const copies = new Map<string, number>()
  for (const { headers } of smtp.messages) {
    const id = headers['message-id'] ?? ''
    copies.set(id, (copies.get(id) ?? 0) + 1)
  }
  const alarms = ledger.told()
  const standing = alarms.filter(({ state }) => state === 'UNACK')
  const points = new Set(standing.map(({ pointId }) => pointId))
  const critical = new Set(standing.filter(({ priority }) => priority === 'critical').map(({ pointId }) => pointId))
  const lostAlarms = source.points - points.size + source.criticalPoints - critical.size
  const untold = alarms.filter(({ noticeIds }) => !noticeIds.some((id) => copies.has(mailIdOf(id))))
  const falselySent = ledger.sentNoticeIds().filter((id) => !copies.has(mailIdOf(id)))
  const copiesTooMany = [...copies.values()].reduce((sum, count) => sum + count - 1, 0)
  const twice = alarms.length - new Set(alarms.map(({ pointId, condition }) => `${pointId}/${condition}`)).size
  return {
    lost: lostAlarms + untold.length,
    lost_alarms: lostAlarms,
    untold_alarms: untold.length,
    falsely_sent: falselySent.length,
    duplicates: copiesTooMany + twice,
    mails: smtp.messages.length,
  }
}
