import type { FirstRun } from '@roomkeeper/shared/http'
import { z } from 'zod'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { HEARTBEAT_KINDS } from '../notify/channels/heartbeat-kinds.ts'
import { onDutyAt } from '../notify/roster.ts'
import { DRILL_NODE } from '../proof/drill-device.ts'
import { actorOf, api } from './base.ts'

/** The trial agent's site, as in server/src/demo.ts: what it brings is not the hospital's. */
const DEMO_SITE = 'demo'
/** Row of the table `setting`. */
const PUT_OFF = 'first-run.put-off'
const putOffSchema = z.object({ by: z.string(), atMs: z.number() }).nullable()

/** The guide of the first days: what is there already, read from the tables that it is about. */
export function createFirstRunHandlers({ db, clock }: { db: Db; clock: { nowMs(): number } }) {
  return {
    state: api.firstRun.state.handler(async () => await loadFirstRun(db, clock.nowMs())),
    putOff: api.firstRun.putOff.handler(async ({ input, context }) => {
      const { name, username } = actorOf(context)
      const nowMs = clock.nowMs()
      const valueJson = JSON.stringify(input.putOff ? { by: name, atMs: nowMs } : null)
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        await transaction
          .insertInto('setting')
          .values({ name: PUT_OFF, valueJson })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ valueJson }))
          .execute()
        const entry = { actor: username, action: 'first-run.put-off', entity: 'system', after: { putOff: input.putOff } }
        await appendAudit(transaction, entry, nowMs)
      })
      return { ok: true as const }
    }),
  }
}

async function loadFirstRun(db: Db, nowMs: number): Promise<FirstRun> {
  const rooms = await db.selectFrom('room').select(['site', 'name']).where('site', '<>', DEMO_SITE).orderBy('id').execute()
  const nodes = await db
    .selectFrom('edgeNode')
    .leftJoin('agentCredential', 'agentCredential.nodeId', 'edgeNode.id')
    .select(['edgeNode.id', 'edgeNode.lastSeenMs', 'agentCredential.revoked'])
    .where('edgeNode.site', '<>', DEMO_SITE)
    .where('edgeNode.node', '<>', DRILL_NODE)
    .execute()
  const codes = await db.selectFrom('pairing').select('id').where('state', '=', 'open').where('expiresAtMs', '>', nowMs).execute()
  const devices = await db
    .selectFrom('device')
    .innerJoin('edgeNode', 'edgeNode.id', 'device.nodeId')
    .select('device.commissionedAtMs')
    .where('edgeNode.site', '<>', DEMO_SITE)
    .where('edgeNode.node', '<>', DRILL_NODE)
    .where('device.retiredAtMs', 'is', null)
    .execute()
  const channels = await db
    .selectFrom('channel')
    .select('id')
    .where('enabled', '=', 1)
    .where('removedAtMs', 'is', null)
    .where('kind', 'not in', ['', ...HEARTBEAT_KINDS])
    .execute()
  const proved = await db
    .selectFrom('outbox')
    .select('channelId')
    .distinct()
    .where('state', '=', 'sent')
    .where('channelId', 'in', [0, ...channels.map(({ id }) => id)])
    .execute()
  const drills = await db.selectFrom('drill').select('state').where('state', 'in', ['passed', 'running']).execute()
  const setting = await db.selectFrom('setting').select('valueJson').where('name', '=', PUT_OFF).executeTakeFirst()
  const putOff = putOffSchema.safeParse(setting && JSON.parse(setting.valueJson))
  return {
    rooms,
    agents: {
      paired: nodes.filter(({ revoked }) => revoked === 0).length,
      arrived: nodes.filter(({ lastSeenMs }) => lastSeenMs !== null).length,
      codes: codes.length,
    },
    devices: {
      confirmed: devices.filter(({ commissionedAtMs }) => commissionedAtMs !== null).length,
      waiting: devices.filter(({ commissionedAtMs }) => commissionedAtMs === null).length,
    },
    onDuty: (await onDutyAt(db, nowMs)).map(({ name }) => name),
    channels: { enabled: channels.length, proved: proved.length },
    drills: {
      passed: drills.filter(({ state }) => state === 'passed').length,
      running: drills.filter(({ state }) => state === 'running').length,
    },
    putOff: putOff.success ? putOff.data : null,
  }
}
