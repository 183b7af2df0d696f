import { timingSafeEqual } from 'node:crypto'
import { type Move, moveRefusal, type RecordFields, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import { scheduleDone } from '../schedules/schedule-done.ts'
import { contextOf, freshSheet, takeResult } from './behaviour-hooks.ts'
import { contentHashOf } from './canonical-json.ts'
import type { Engine, Unit } from './engine.ts'
import { changesBetween, mergeFields } from './merge-fields.ts'
import { requireOwnKey } from './own-key.ts'
import { columnsOf } from './record-columns.ts'
import { conflict, forbidden, invalid, invalidFields, notFound } from './refusals.ts'
import { behaviourRecord, type LoadedRecord } from './rows.ts'
import { requireRecord, updateRecord } from './save-record.ts'
import { keepSignatures, type SentSecond, type SentSignature, verifySigners } from './signing.ts'
import { addStep, asBeforeAfter, auditRecord } from './steps.ts'

export interface MoveInput {
  register: string
  recordId: number
  move: string
  revision: number
  fields?: RecordFields
  comment?: string
  signature?: SentSignature | undefined
  second?: SentSecond | undefined
  roomKey?: string | undefined
  claimedAtMs?: number | undefined
}

/** What a browser without connection kept back is taken for so long. */
const CLAIM_MS = 7 * 86_400_000
/** A phone's clock is a little off without anybody's fault. */
const CLOCK_TOLERANCE_MS = 2 * 60_000

/** Moves a record on: whether the person may, whether it is filled in, signed and at the room; then step, signatures, audit row and what follows, all or nothing. */
export async function moveRecord(engine: Engine, actor: Actor, input: MoveInput): Promise<void> {
  const definition = engine.definitionOf(input.register)
  const move = definition.moves.find((one) => one.name === input.move)
  if (!move) throw notFound(input.move)
  const before = await requireRecord(engine.db, definition, actor, input)
  requireMove(move, before, actor)
  const comment = input.comment?.trim() ?? ''
  if (move.commentRequired && comment === '') throw invalid('comment', '须说明理由 / Say why')
  checkClaim(input.claimedAtMs, engine.clock.nowMs())
  const signers = await verifySigners(engine, actor, move, input)
  // What comes with the move is compared with the sensors as well.
  const fresh = await freshSheet(engine, { ...before, fields: { ...before.fields, ...input.fields } })
  await engine.write(async (unit) => {
    const { transaction, nowMs } = unit
    const record = await requireRecord(transaction, definition, actor, input)
    requireMove(move, record, actor)
    const { row } = record
    const isVoid = stateOf(definition, move.to)?.void === true
    const sheet = row.phase === 'draft' ? fresh : record.sheet
    const current = { recordId: row.id, state: record.state, fields: record.fields, sheet }
    const { fields } = await mergeFields(unit, engine.live, definition, current, input.fields ?? {}, { move })
    if (!isVoid) await requireOwnKey(transaction, definition, row.id, fields)
    const columns = columnsOf(definition, { ...row, fields, ...whereTo(definition, move, record, nowMs) }, engine.timeZone)
    const atRoom = await isAtRoom(unit, columns.roomId, input.roomKey)
    if (move.atRoom === 'required' && !atRoom)
      throw invalid('roomKey', '须在机房扫描门上的二维码 / Only at the room: scan the printed code at its door')
    const behaviour = engine.behaviours[definition.name]
    const pending = behaviourRecord({ row: { ...row, title: columns.title, roomId: columns.roomId }, fields, sheet })
    const context = contextOf(unit, actor)
    const problems = (isVoid ? undefined : await behaviour?.check?.(pending, move.name, context)) ?? []
    if (problems.length > 0) throw invalidFields(problems)
    const emergency = move.emergency === true
    await updateRecord(transaction, row, {
      ...columns,
      sheetJson: JSON.stringify(sheet),
      emergency: emergency ? 1 : row.emergency,
      changedBy: actor.name,
      changedAtMs: nowMs,
    })
    if (leavesFirst(definition, move, record)) await scheduleDone(transaction, { ...row, roomId: columns.roomId }, nowMs, engine.timeZone)
    const moved = { ...pending, state: move.to, stateSinceMs: columns.stateSinceMs }
    const result = await behaviour?.onMove?.(moved, { name: move.name, from: record.state, to: move.to }, context)
    const kept = await takeResult(engine, unit, definition, moved, result)
    const changes = changesBetween(definition, record.fields, kept)
    const stepId = await addStep(unit, actor, {
      recordId: row.id,
      kind: 'move',
      move: move.name,
      from: record.state,
      to: move.to,
      comment,
      claimedAtMs: input.claimedAtMs ?? null,
      emergency,
      atRoom,
      changes,
    })
    const contentHash = contentHashOf(row.number, move.name, kept)
    await keepSignatures(unit, row.id, stepId, signers, contentHash)
    const { before: old, after } = asBeforeAfter(changes)
    const signed = signers.length === 0 ? {} : { signedBy: signers.map((signer) => signer.username), contentHash }
    const said = { move: move.name, to: move.to, comment, emergency, atRoom, fields: after, ...signed }
    await auditRecord(unit, actor, 'move', row, { before: { state: record.state, fields: old }, after: said })
    unit.changed.push({ topic: 'registers', id: row.id })
    if (row.scheduleId !== null || definition.schedule) unit.changed.push({ topic: 'schedules' })
  })
}

function requireMove(move: Move, record: LoadedRecord, actor: Actor): void {
  const reason = moveRefusal(move, record, actor)
  if (reason === 'state') throw conflict(record.row.changedBy, record.row.changedAtMs)
  if (reason === 'role') throw forbidden('没有权限做这一步 / You may not make this move')
  if (reason === 'four-eyes') throw forbidden('须由另一人做这一步 / Somebody else has to make this move')
}

/** The time that counts is the server's; what the browser claims stands beside it. */
function checkClaim(claimedAtMs: number | undefined, nowMs: number): void {
  if (claimedAtMs === undefined) return
  if (claimedAtMs > nowMs + CLOCK_TOLERANCE_MS) throw invalid('claimedAtMs', '不能在将来 / Cannot be in the future')
  if (claimedAtMs < nowMs - CLAIM_MS) throw invalid('claimedAtMs', '不能早于 7 天前 / Cannot be more than 7 days ago')
}

function whereTo(definition: RegisterDefinition, move: Move, record: LoadedRecord, nowMs: number) {
  const { row } = record
  // A move that leads back to the same state does not put off its deadline.
  const stateSinceMs = move.to === record.state ? row.stateSinceMs : nowMs
  return { state: move.to, stateSinceMs, whenMs: leavesFirst(definition, move, record) ? nowMs : row.whenMs }
}

function leavesFirst(definition: RegisterDefinition, move: Move, { row }: LoadedRecord): boolean {
  const first = definition.states[0]?.name
  return row.state === first && move.to !== first && !stateOf(definition, move.to)?.void
}

/** Whether the room's printed code was shown. Throws INVALID for one that is not the room's. */
async function isAtRoom({ transaction }: Unit, roomId: number | null, roomKey: string | undefined): Promise<boolean> {
  if (roomKey === undefined || roomKey === '') return false
  const room = roomId === null ? undefined : await transaction.selectFrom('room').select('code').where('id', '=', roomId).executeTakeFirst()
  if (room && isRoomKey(room.code, roomKey)) return true
  throw invalid('roomKey', '不是本记录机房的二维码 / Not the code of this record’s room')
}

/** In the same time whatever is wrong; a room without a code has none that fits. */
export function isRoomKey(code: string, roomKey: string): boolean {
  const [a, b] = [Buffer.from(code), Buffer.from(roomKey)]
  return code !== '' && a.length === b.length && timingSafeEqual(a, b)
}
