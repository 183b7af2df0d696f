import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { AlarmStore } from '../../server/src/alarms/alarm-store.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import { attachIncident } from '../../server/src/incidents/incident-births.ts'
import { mailChannel } from '../../server/src/notify/channels/mail/index.ts'
import { Notifier, placeKindsOf } from '../../server/src/notify/notifier.ts'
import { createPipeline } from '../../server/src/notify/pipeline.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingPythonModule } from '../kit/services/require-program.ts'
import { startSmtpServer } from '../kit/services/smtp-server.ts'

const missing = missingPythonModule('aiosmtpd', 'python3-aiosmtpd')
const NOTICES = 40
const BUDGET_MS = 1000

/** design §6: crossing → mail accepted by the SMTP server, p95 ≤ 1 s beyond the limit's own delay. */
describe.skipIf(missing !== undefined)(`an alarm by mail${missing === undefined ? '' : ` (${missing})`}`, () => {
  it('is accepted by a real SMTP server within a second at p95, and the server’s own words are kept', async () => {
    const server = await startSmtpServer({ tls: 'none' })
    const db = await openDatabase(':memory:')
    const clock = { nowMs: () => Date.now() }
    const log = pino({ level: 'silent' })
    const kinds = new Map([[mailChannel.name, mailChannel]])
    const urlOf = () => undefined
    const account = { username: 'duty', name: '张工', passwordHash: '-', rolesJson: '["on-call"]', onDuty: 1, disabled: 0 }
    await db
      .insertInto('account')
      .values({ ...account, mustChangePassword: 0, lastSignInMs: null, createdAtMs: 1 })
      .execute()
    const settingsJson = JSON.stringify({ host: '127.0.0.1', port: server.port, tls: 'none', from: 'alarm@hospital.example' })
    const channel = { kind: 'mail', label: 'mail', enabled: 1, minPriority: 'low', settingsJson }
    await db
      .insertInto('channel')
      .values({ ...channel, revision: 0, changedAtMs: 1, removedAtMs: null })
      .execute()
    const contact = { accountId: 1, channelId: 1, address: 'zhang@hospital.example', minPriority: 'low', language: 'zh', enabled: 1 }
    await db.insertInto('contact').values(contact).execute()
    const queueNotices = createPipeline({ placeKinds: placeKindsOf(kinds), urlOf })
    const alarms = new AlarmStore({ db, clock, log, attachIncident, queueNotices })
    await alarms.start()
    const notifier = new Notifier({ db, clock, log, kinds, urlOf, alarms, change: () => undefined })
    alarms.onTransition(() => notifier.wake())
    await notifier.start()
    try {
      const waitsMs: number[] = []
      for (let sourceId = 1; sourceId <= NOTICES; sourceId += 1) {
        const raisedAtMs = performance.now()
        const place = { roomId: null, deviceId: null, pointId: null }
        const values = { priority: 'critical', condition: 'high-high', value: 35, limit: 32, late: false } as const
        alarms.submit({ kind: 'raise', signal: { source: 'point', sourceId, atMs: Date.now(), ...values, ...place } })
        await waitFor('the mail is accepted', 30_000, async () => (server.messages.length >= sourceId ? true : undefined))
        waitsMs.push(performance.now() - raisedAtMs)
      }
      await notifier.idle()
      const p95Ms = waitsMs.toSorted((a, b) => a - b)[Math.floor(NOTICES * 0.95)] ?? Number.POSITIVE_INFINITY
      expect(p95Ms).toBeLessThan(BUDGET_MS)
      expect(server.messages[0]?.headers.subject).toContain('严重过高')
      const rows = await db.selectFrom('outbox').select(['state', 'answer']).execute()
      expect(rows).toHaveLength(NOTICES)
      for (const row of rows) expect(row).toEqual({ state: 'sent', answer: expect.stringMatching(/^250 /) as string })
      console.info(`crossing → mail accepted: p95 ${p95Ms.toFixed(0)} ms of ${NOTICES}`)
    } finally {
      await alarms.stop()
      await notifier.stop()
      await db.destroy()
      await server.stop()
    }
  })
})
