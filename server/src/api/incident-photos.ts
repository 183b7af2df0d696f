import { createHash } from 'node:crypto'
import { ORPCError } from '@orpc/server'
import { PHOTO_MAX_BYTES, PHOTO_TYPES, PHOTOS_MAX, type Photo } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Request, Response } from 'express'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { PHOTO_COLUMNS, toPhoto } from '../incidents/incident-rows.ts'
import { answerPhoto, idOfPath, invalidInput, requirePhoto } from '../photos/photo-answers.ts'
import { photoName } from '../photos/photo-check.ts'
import { type Actor, actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import type { ExtraRoute } from './http-server.ts'

export interface IncidentPhotosDeps {
  db: Db
  clock: { nowMs(): number }
  change(change: Change): void
}

const TOO_MANY = `每个事件最多 ${PHOTOS_MAX} 张照片 / An incident has ${PHOTOS_MAX} photos at most`

/**
 * `POST /api/incidents/:incidentId/photos?name=`: the bytes of one photo as the body. `GET /api/photos/:photoId`: the bytes again. Photos are
 * in the database, so that a backup holds them.
 */
export function incidentPhotoRoutes(deps: IncidentPhotosDeps): ExtraRoute[] {
  return [
    {
      method: 'POST',
      path: '/api/incidents/:incidentId/photos',
      permission: 'incidents.write',
      summary: `Add a photo to an open incident: the bytes (JPEG, PNG or WebP, up to ${PHOTO_MAX_BYTES / 1e6} MB) as the body, its name as ?name=`,
      body: { types: PHOTO_TYPES, maxBytes: PHOTO_MAX_BYTES },
      handler: (request, response, actor) => addPhoto(deps, request, response, actor),
    },
    {
      method: 'GET',
      path: '/api/photos/:photoId',
      permission: 'incidents.read',
      summary: 'The bytes of a photo',
      handler: (request, response) => sendPhoto(deps, request, response),
    },
  ]
}

async function addPhoto(deps: IncidentPhotosDeps, request: Request, response: Response, actor: Actor): Promise<void> {
  const incidentId = idOfPath(request.params.incidentId)
  const { bytes, type } = requirePhoto(request.body)
  const name = photoName(typeof request.query.name === 'string' ? request.query.name : '')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const nowMs = deps.clock.nowMs()
  const { photo, isNew } = await deps.db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    await requireOpen(transaction, incidentId)
    const present = await transaction
      .selectFrom('incidentPhoto')
      .select([...PHOTO_COLUMNS, 'sha256'])
      .where('incidentId', '=', incidentId)
      .where('removedAtMs', 'is', null)
      .execute()
    // Sent again because the answer was lost on the way: it is there already.
    const same = present.find((one) => one.sha256 === sha256)
    if (same) return { photo: toPhoto(same), isNew: false }
    if (present.length >= PHOTOS_MAX) throw invalidInput('photo', TOO_MANY)
    const row = { incidentId, name, type, size: bytes.length, sha256, by: actor.name, atMs: nowMs }
    const added = await transaction
      .insertInto('incidentPhoto')
      .values({ ...row, data: bytes, removedAtMs: null, removedBy: null, removedReason: null })
      .returning(PHOTO_COLUMNS)
      .executeTakeFirstOrThrow()
    const after = { photoId: added.id, name, type, bytes: bytes.length, sha256 }
    const entry = { actor: actor.username, action: 'incident.photo-add', entity: `incident:${incidentId}`, after }
    await appendAudit(transaction, entry, nowMs)
    return { photo: toPhoto(added), isNew: true }
  })
  if (isNew) deps.change({ topic: 'incidents', id: incidentId })
  response.status(isNew ? 201 : 200).json(photo satisfies Photo)
}

async function sendPhoto({ db }: IncidentPhotosDeps, request: Request, response: Response): Promise<void> {
  const photo = await db
    .selectFrom('incidentPhoto')
    .select(['name', 'type', 'data', 'sha256'])
    .where('id', '=', idOfPath(request.params.photoId))
    .executeTakeFirst()
  if (!photo) throw new ORPCError('NOT_FOUND', { message: '没有这张照片 / No such photo' })
  answerPhoto(response, photo)
}

/** Struck out, with the reason: kept and marked. */
export function removePhotoHandler(deps: IncidentPhotosDeps) {
  return api.incidents.removePhoto.handler(async ({ input, context, errors }) => {
    const actor = actorOf(context)
    const nowMs = deps.clock.nowMs()
    const { incidentId, photoId, reason } = input
    await deps.db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      await requireOpen(transaction, incidentId)
      const photo = await transaction
        .selectFrom('incidentPhoto')
        .select(['name', 'removedAtMs', 'removedBy'])
        .where('id', '=', photoId)
        .where('incidentId', '=', incidentId)
        .executeTakeFirst()
      if (!photo) throw errors.NOT_FOUND()
      if (photo.removedAtMs !== null) throw errors.CONFLICT(changedByOther(photo.removedBy, photo.removedAtMs))
      const removed = { removedAtMs: nowMs, removedBy: actor.name, removedReason: reason }
      await transaction.updateTable('incidentPhoto').set(removed).where('id', '=', photoId).execute()
      const entry = { actor: actor.username, action: 'incident.photo-strike-out', entity: `incident:${incidentId}` }
      await appendAudit(transaction, { ...entry, before: { photoId, name: photo.name }, after: { reason } }, nowMs)
    })
    deps.change({ topic: 'incidents', id: incidentId })
    return { ok: true as const }
  })
}

/** Photos belong to what is signed: they change only while the form is open. */
async function requireOpen(transaction: Db, incidentId: number): Promise<void> {
  const incident = await transaction
    .selectFrom('incident')
    .select(['state', 'submittedBy', 'submittedAtMs'])
    .where('id', '=', incidentId)
    .executeTakeFirst()
  if (!incident) throw new ORPCError('NOT_FOUND', { message: '没有这个事件 / No such incident' })
  if (incident.state !== 'open') throw new ORPCError('CONFLICT', changedByOther(incident.submittedBy, incident.submittedAtMs))
}
