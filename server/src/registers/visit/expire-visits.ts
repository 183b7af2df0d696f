import type { RecordFields } from '@roomkeeper/shared/registers'
import type { Logger } from 'pino'
import type { Actor } from '../../api/base.ts'
import type { Db } from '../../database/schema.ts'
import type { Registers } from '../registers.ts'

export interface ExpireDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  registers: Pick<Registers, 'move'>
}

/** Makes the moves that the time brings; it may what the definition lets a keeper do. */
const SYSTEM: Actor = {
  accountId: null,
  username: 'system',
  name: '系统',
  roles: ['room-keeper'],
  sessionHash: null,
  mustChangePassword: false,
}

/** Visits whose time passed while nobody came: an approval is for its time only. Returns how many. */
export async function expireVisits({ db, clock, log, registers }: ExpireDeps): Promise<number> {
  const nowMs = clock.nowMs()
  const rows = await db
    .selectFrom('registerRecord')
    .select(['id', 'number', 'revision', 'fieldsJson'])
    .where('register', '=', 'visit')
    .where('phase', '=', 'open')
    .where('state', 'in', ['applied', 'approved'])
    .orderBy('id')
    .execute()
  let count = 0
  for (const { id, number, revision, fieldsJson } of rows) {
    const { plannedUntil } = JSON.parse(fieldsJson) as RecordFields
    if (typeof plannedUntil !== 'number' || plannedUntil > nowMs) continue
    const comment = '预计离开时间已过，无人签到 / Its time is over and nobody checked in'
    const input = { register: 'visit', recordId: id, move: 'expire', revision, comment }
    // Somebody may be checking them in at this very moment: then it is theirs, and the next minute looks again.
    const isMoved = await registers.move(SYSTEM, input).then(
      () => true,
      (error: unknown) => {
        log.warn({ module: 'registers', number, err: error }, 'a visit whose time is over could not be marked as expired; tried again')
        return false
      },
    )
    if (isMoved) count += 1
  }
  return count
}
