import { createHash } from 'node:crypto'
import { ORPCError } from '@orpc/server'
import { PLAN_PICTURE_MAX_BYTES, PLAN_PICTURE_MAX_SIDE_PX, PLAN_PICTURE_TYPES, type PlanPicture } from '@roomkeeper/shared/http'
import { PROBE_KINDS } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import type { Request, Response } from 'express'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import { localMinuteOf } from '../limits/local-minute.ts'
import { answerPhoto, idOfPath, invalidInput, requirePhoto } from '../photos/photo-answers.ts'
import { photoName } from '../photos/photo-check.ts'
import { type BarePicture, barePicture } from '../photos/picture-metadata.ts'
import { addPlanVersion, findWrongLink, levelsOf, loadPlan } from '../rooms/floor-plans.ts'
import { type Actor, actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import type { ExtraRoute } from './http-server.ts'

export interface FloorPlansDeps {
  db: Db
  clock: { nowMs(): number }
  directory: Pick<Directory, 'points'>
  timeZone: string
  change(change: Change): void
}

export function createFloorPlanHandlers(deps: FloorPlansDeps) {
  const localMinute = localMinuteOf(deps.timeZone)
  const planOf = async (roomId: number, version?: number) => {
    await requireRoom(deps.db, roomId)
    return await loadPlan(deps.db, roomId, version)
  }
  return {
    get: api.floorPlans.get.handler(async ({ input, errors }) => {
      const saved = await planOf(input.roomId)
      if (!saved) throw errors.NOT_FOUND()
      return saved
    }),

    version: api.floorPlans.version.handler(async ({ input, errors }) => {
      const saved = await planOf(input.roomId, input.version)
      if (!saved) throw errors.NOT_FOUND()
      return saved
    }),

    versions: api.floorPlans.versions.handler(async ({ input }) => {
      await requireRoom(deps.db, input.roomId)
      const rows = deps.db.selectFrom('floorPlan').select(['version', 'author', 'atMs', 'items']).where('roomId', '=', input.roomId)
      return await rows.orderBy('version', 'desc').limit(VERSIONS_SHOWN).execute()
    }),

    put: api.floorPlans.put.handler(async ({ input, context, errors }) => {
      const { roomId, plan } = input
      const author = actorOf(context)
      const atMs = deps.clock.nowMs()
      const saved = await deps.db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        await requireRoom(transaction, roomId)
        const before = await loadPlan(transaction, roomId)
        if (!before) throw errors.NOT_FOUND()
        if (before.version !== input.version) throw errors.CONFLICT(changedByOther(before.author, before.atMs))
        const wrong = await findWrongLink(transaction, roomId, plan, before.plan)
        if (wrong) throw errors.INVALID({ message: wrong.message, data: { field: wrong.path, allowed: wrong.message } })
        await addPlanVersion(transaction, { roomId, before, plan, author, atMs })
        return await loadPlan(transaction, roomId)
      })
      if (!saved) throw errors.NOT_FOUND()
      deps.change({ topic: 'rooms', id: roomId })
      return saved
    }),

    levels: api.floorPlans.levels.handler(async ({ input }) => {
      await requireRoom(deps.db, input.roomId)
      const nowMs = deps.clock.nowMs()
      return [...deps.directory.points.values()]
        .filter(({ device, kind }) => device.room.id === input.roomId && !device.retired && isProbeKind(kind))
        .map((point) => levelsOf(point, nowMs, localMinute))
    }),
  }
}

/** Years of changes; older versions stay in the database. */
const VERSIONS_SHOWN = 200

function isProbeKind(kind: string): boolean {
  return (PROBE_KINDS as readonly string[]).includes(kind)
}

async function requireRoom(db: Db, roomId: number): Promise<void> {
  const room = await db.selectFrom('room').select('id').where('id', '=', roomId).executeTakeFirst()
  if (!room) throw new ORPCError('NOT_FOUND', { message: '没有这个机房 / No such room' })
}

/**
 * `POST /api/rooms/:roomId/plan-pictures?name=`: the bytes of a drawing of the room as the body. `GET /api/plan-pictures/:pictureId`: the bytes
 * again. Pictures are in the database, so that a backup holds them.
 */
export function planPictureRoutes(deps: FloorPlansDeps): ExtraRoute[] {
  return [
    {
      method: 'POST',
      path: '/api/rooms/:roomId/plan-pictures',
      permission: 'rooms.write',
      summary: `Upload a drawing to put under a floor plan: the bytes (PNG or JPEG, up to ${PLAN_PICTURE_MAX_BYTES / 1e6} MB) as the body, its name as ?name=`,
      body: { types: PLAN_PICTURE_TYPES, maxBytes: PLAN_PICTURE_MAX_BYTES },
      handler: (request, response, actor) => addPicture(deps, request, response, actor),
    },
    {
      method: 'GET',
      path: '/api/plan-pictures/:pictureId',
      permission: 'readings.read',
      summary: 'The bytes of a drawing under a floor plan',
      handler: (request, response) => sendPicture(deps, request, response),
    },
  ]
}

/** Drawings that no version of the plan shows; each was tried and not saved. */
const UNUSED_PICTURES_MAX = 20

async function addPicture(deps: FloorPlansDeps, request: Request, response: Response, actor: Actor): Promise<void> {
  const roomId = idOfPath(request.params.roomId)
  const { bare, type } = requirePicture(request.body)
  const name = photoName(typeof request.query.name === 'string' ? request.query.name : '')
  const { bytes, widthPx, heightPx } = bare
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const nowMs = deps.clock.nowMs()
  const answer = (id: number): PlanPicture => ({ id, name, type, bytes: bytes.length, widthPx, heightPx })
  const { id, isNew } = await deps.db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    await requireRoom(transaction, roomId)
    const present = await transaction
      .selectFrom('floorPlanPicture')
      .select(['id', 'sha256'])
      .where('roomId', '=', roomId)
      .orderBy('id')
      .execute()
    // The same drawing again, or sent again because the answer was lost on the way.
    const same = present.find((one) => one.sha256 === sha256)
    if (same) return { id: same.id, isNew: false }
    const used = await transaction.selectFrom('floorPlan').select('pictureId').distinct().where('roomId', '=', roomId).execute()
    const unused = present.filter((one) => !used.some(({ pictureId }) => pictureId === one.id))
    const surplus = unused.slice(0, Math.max(0, unused.length - UNUSED_PICTURES_MAX + 1)).map((one) => one.id)
    if (surplus.length > 0) await transaction.deleteFrom('floorPlanPicture').where('id', 'in', surplus).execute()
    const row = { roomId, name, type, size: bytes.length, widthPx, heightPx, sha256, data: bytes, by: actor.name, atMs: nowMs }
    const added = await transaction.insertInto('floorPlanPicture').values(row).returning('id').executeTakeFirstOrThrow()
    const after = { pictureId: added.id, name, type, bytes: bytes.length, sha256 }
    await appendAudit(transaction, { actor: actor.username, action: 'floor-plan.picture', entity: `room:${roomId}`, after }, nowMs)
    return { id: added.id, isNew: true }
  })
  response.status(isNew ? 201 : 200).json(answer(id))
}

/** Throws INVALID naming what is wrong with the picture. */
function requirePicture(body: unknown): { bare: BarePicture; type: string } {
  const { bytes, type } = requirePhoto(body)
  if (type === 'image/webp') throw invalidInput('picture', '底图须为 PNG 或 JPEG / The drawing must be a PNG or JPEG')
  const bare = barePicture(bytes, type)
  if (!bare) throw invalidInput('picture', '图片没有写明尺寸 / The picture does not say how large it is')
  const { widthPx, heightPx } = bare
  if (Math.max(widthPx, heightPx) > PLAN_PICTURE_MAX_SIDE_PX) {
    const [is, may] = [`${widthPx} × ${heightPx}`, PLAN_PICTURE_MAX_SIDE_PX]
    throw invalidInput('picture', `图片为 ${is} 像素，每边最多 ${may} 像素 / The picture has ${is} pixels; ${may} a side at most`)
  }
  return { bare, type }
}

async function sendPicture({ db }: FloorPlansDeps, request: Request, response: Response): Promise<void> {
  const picture = await db
    .selectFrom('floorPlanPicture')
    .select(['name', 'type', 'data', 'sha256'])
    .where('id', '=', idOfPath(request.params.pictureId))
    .executeTakeFirst()
  if (!picture) throw new ORPCError('NOT_FOUND', { message: '没有这张底图 / No such drawing' })
  answerPhoto(response, picture)
}
