import { MINUTE_MS, type NotifyApp, startNotifyApp, unreachable } from '../../kit/notify-app.ts'

export interface ClockFigures {
  jumped_min: number
  /** Tiers and repetitions that did not come in their time. */
  lost: number
  /** The same person told twice within minutes. */
  duplicates: number
  /** Notices and summaries that waited for a time that had been. */
  stuck: number
  notices: number
}

const REPEAT_MIN = 30
/** By the default policy: those on duty at once, the room keeper after 10 min, the department head after 30, then all every 30 min. */
const LATEST_MIN = { duty: 0, keeper: 10, head: 30 } as const
/** Steps of the played time and the turn that follows. */
const SLACK_MIN = 1.5
const WATCHED_MIN = 130

interface Call {
  person: string
  /** On a clock that nobody sets. */
  atMin: number
}

/** The server's clock is set while an alarm is being escalated, one notice waits for its next attempt, and others for their summary. */
export async function runClockJump(jumpMs: number): Promise<ClockFigures> {
  const escalation = await escalateOver(jumpMs)
  const stuck = await waitOver(jumpMs)
  return { jumped_min: jumpMs / MINUTE_MS, ...escalation, stuck }
}

async function escalateOver(jumpMs: number): Promise<Pick<ClockFigures, 'lost' | 'duplicates' | 'notices'>> {
  const app = await startPeople()
  try {
    const calls: Call[] = []
    let min = 0
    app.behaviour.set('mail', () => 'OK')
    app.submit('raise', { priority: 'critical' })
    await app.settle()
    const hear = (): void => {
      for (const { address, notice } of app.arrived.splice(0))
        if (notice.kind === 'raise' || notice.kind === 'escalation') calls.push({ person: address.split('@')[0] ?? '', atMin: min })
    }
    hear()
    for (; min < WATCHED_MIN; min += 1) {
      if (min === 5) app.clock.advance(jumpMs)
      await app.pass(MINUTE_MS)
      hear()
    }
    return { ...judge(calls), notices: calls.length }
  } finally {
    await app.stop()
  }
}

function judge(calls: readonly Call[]): { lost: number; duplicates: number } {
  let [lost, duplicates] = [0, 0]
  for (const [person, latestMin] of Object.entries(LATEST_MIN)) {
    const times = calls.filter((call) => call.person === person).map(({ atMin }) => atMin)
    const [first = Number.POSITIVE_INFINITY] = times
    if (first > latestMin + SLACK_MIN) lost += 1
    // Those on duty are called again when everybody is: 30 min after the last tier.
    for (const [index, atMin] of times.entries()) {
      const next = times[index + 1] ?? (atMin + 2 * REPEAT_MIN > WATCHED_MIN ? atMin : Number.POSITIVE_INFINITY)
      if (next - atMin > 2 * REPEAT_MIN + SLACK_MIN) lost += 1
      if (times[index + 1] !== undefined && next - atMin < REPEAT_MIN / 2) duplicates += 1
    }
  }
  return { lost, duplicates }
}

/** What waits for a moment goes on within minutes, whatever the clock says that moment was. */
async function waitOver(jumpMs: number): Promise<number> {
  const app = await startPeople()
  try {
    app.behaviour.set('mail', unreachable)
    app.submit('raise', { priority: 'critical' })
    await app.settle()
    app.behaviour.delete('mail')
    // The attempt of a server that was killed in the middle of it.
    app.submit('raise', { sourceId: 2, priority: 'critical', roomId: null })
    await app.alarms.flush()
    const cut = { claimedUntilMs: app.clock.nowMs() + 45_000 }
    await app.db.updateTable('outbox').set(cut).where('alarmId', '=', 2).where('state', '=', 'pending').execute()
    for (let sourceId = 10; sourceId < 30; sourceId += 1) app.submit('raise', { sourceId, priority: 'medium' })
    await app.alarms.flush()
    app.clock.advance(jumpMs)
    await app.pass(4 * MINUTE_MS)
    const waiting = await app.db.selectFrom('outbox').select('id').where('state', '=', 'pending').execute()
    const unsummed = await app.db.selectFrom('noticeLater').select('id').where('outboxId', 'is', null).execute()
    return waiting.length + unsummed.length
  } finally {
    await app.stop()
  }
}

async function startPeople(): Promise<NotifyApp> {
  const app = await startNotifyApp(':memory:')
  const mail = await app.channel('mail')
  for (const [name, role] of [
    ['duty', 'on-call'],
    ['keeper', 'room-keeper'],
    ['head', 'department-head'],
  ] as const)
    await app.contact(await app.person(name, [role], { onDuty: name === 'duty' }), mail, `${name}@test`)
  return app
}
