import { mailChannel } from '../../../server/src/notify/channels/mail/index.ts'
import { MINUTE_MS, type NotifyApp, startNotifyApp } from '../../kit/notify-app.ts'
import { freeTcpPort } from '../../kit/services/free-port.ts'
import { startSmtpServer } from '../../kit/services/smtp-server.ts'
import { mailIdOf } from './flood-ledger.ts'

export interface SmtpDeadFigures {
  alarms: number
  /** Standing unacknowledged, and nobody was told by any channel. */
  lost: number
  /** The same notice twice. */
  duplicates: number
  /** Of those: told by the other channel while the mail was away. */
  told_meanwhile: number
  mails_after: number
  /** Waiting or failed at the end. */
  unsent: number
  /** At every hour each standing alarm had a notice that says what becomes of it. */
  unsent_visible: boolean
  channel_alarm: 'raised and cleared' | 'never raised' | 'never cleared'
}

/** Every half hour something happens. */
const ALARM_EVERY_MIN = 30
const PRIORITIES = ['medium', 'high', 'critical'] as const

/**
 * The mail server refuses connections for simulated hours, then is there. One on duty has mail only; the room keeper has a telephone as
 * well. Real channel, real SMTP server, the time is played.
 */
export async function runSmtpDead(hours: number): Promise<SmtpDeadFigures> {
  const port = await freeTcpPort()
  const app = await startNotifyApp(':memory:', [mailChannel])
  try {
    const mail = await addMail(app, port)
    const phone = await app.channel('phone')
    const duty = await app.person('duty', ['on-call'], { onDuty: true })
    const keeper = await app.person('keeper', ['room-keeper'])
    await app.contact(duty, mail, 'duty@hospital.example')
    await app.contact(keeper, mail, 'keeper@hospital.example')
    await app.contact(keeper, phone, 'keeper@test', { minPriority: 'high' })

    let alarms = 0
    let isVisible = true
    for (let minute = 0; minute < hours * 60; minute += 1) {
      if (minute % ALARM_EVERY_MIN === 0) {
        alarms += 1
        app.submit('raise', { sourceId: alarms, priority: PRIORITIES[alarms % PRIORITIES.length] ?? 'high' })
      }
      // Some are over before anybody could be told.
      if (minute % (5 * ALARM_EVERY_MIN) === 10) app.submit('clear', { sourceId: alarms })
      await passMinute(app)
      if (minute % 60 === 59) isVisible &&= (await speechless(app)) === 0
    }
    const wasRaised = (await channelAlarm(app)) === 'UNACK'
    const toldMeanwhile = await toldAlarms(app, new Set(arrivedIds(app)))

    const smtp = await startSmtpServer({ tls: 'none', port })
    for (let minute = 0; minute < 10; minute += 1) await passMinute(app)
    await smtp.stop()
    const mailIds = smtp.messages.map(({ headers }) => headers['message-id'] ?? '')
    const told = await toldAlarms(app, new Set([...arrivedIds(app), ...mailIds]))
    const standing = await app.db.selectFrom('alarm').select('id').where('state', '=', 'UNACK').execute()
    const unsent = await app.db.selectFrom('outbox').select('id').where('state', 'in', ['pending', 'failed']).execute()
    const isCleared = ['RTNUN', 'NORM'].includes((await channelAlarm(app)) ?? '')
    const ids = [...mailIds, ...arrivedIds(app)]
    return {
      alarms,
      lost: standing.filter(({ id }) => !told.has(id)).length,
      duplicates: mailIds.length - new Set(mailIds).size + (ids.length - mailIds.length - new Set(arrivedIds(app)).size),
      told_meanwhile: toldMeanwhile.size,
      mails_after: mailIds.length,
      unsent: unsent.length,
      unsent_visible: isVisible,
      channel_alarm: !wasRaised ? 'never raised' : isCleared ? 'raised and cleared' : 'never cleared',
    }
  } finally {
    await app.stop()
  }
}

async function addMail({ db }: NotifyApp, port: number): Promise<number> {
  const settingsJson = JSON.stringify({ host: '127.0.0.1', port, tls: 'none', from: 'roomkeeper@hospital.example' })
  const { id } = await db
    .insertInto('channel')
    .values({ kind: 'mail', label: 'mail', enabled: 1, minPriority: 'low', settingsJson, revision: 0, changedAtMs: 0, removedAtMs: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Steps of a minute: a day of ten-second ones would take minutes. */
async function passMinute(app: NotifyApp): Promise<void> {
  app.clock.advance(MINUTE_MS)
  await app.alarms.flush()
  await app.notifier.minute()
  await app.settle()
}

/** As a mail names its notice. */
function arrivedIds(app: NotifyApp): string[] {
  return app.arrived.map(({ notice }) => mailIdOf(notice.id))
}

async function channelAlarm({ db }: NotifyApp): Promise<string | undefined> {
  return (await db.selectFrom('alarm').select('state').where('source', '=', 'channel').executeTakeFirst())?.state
}

/** Alarms of which one of these notices, or a summary among them, speaks. */
async function toldAlarms({ db }: NotifyApp, taken: ReadonlySet<string>): Promise<Set<number>> {
  const own = await db.selectFrom('outbox').select(['alarmId', 'noticeId']).where('alarmId', 'is not', null).execute()
  const summed = await db
    .selectFrom('noticeLater')
    .innerJoin('outbox', 'outbox.id', 'noticeLater.outboxId')
    .select(['noticeLater.alarmId', 'outbox.noticeId'])
    .execute()
  return new Set(
    [...own, ...summed].flatMap(({ alarmId, noticeId }) => (alarmId !== null && taken.has(mailIdOf(noticeId)) ? [alarmId] : [])),
  )
}

/** Standing alarms without any notice: nobody could see that they are still to be told. */
async function speechless({ db }: NotifyApp): Promise<number> {
  const rows = await db
    .selectFrom('alarm')
    .select('alarm.id')
    .where('alarm.state', '=', 'UNACK')
    .where((where) => where.not(where.exists(where.selectFrom('outbox').select('outbox.id').whereRef('outbox.alarmId', '=', 'alarm.id'))))
    .where((where) =>
      where.not(where.exists(where.selectFrom('noticeLater').select('noticeLater.id').whereRef('noticeLater.alarmId', '=', 'alarm.id'))),
    )
    .execute()
  return rows.length
}
