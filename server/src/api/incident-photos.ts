import { createHash } from 'node:crypto'
import { ORPCError } from '@orpc/server'
import { PHOTO_MAX_BYTES, PHOTO_TYPES, PHOTOS_MAX, type Photo } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Request, Response } from 'express'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { PHOTO_COLUMNS, toPhoto } from '../incidents/incident-rows.ts'
import { checkPhoto, photoName } from '../incidents/photo-check.ts'
import { type Actor, actorOf, api } from './base.ts'
import { changedByOther } from './form-revision.ts'
import type { ExtraRoute } from './http-server.ts'

export interface IncidentPhotosDeps {
  db: Db
  clock: { nowMs(): number }
  change(change: Change): void
}

const PROBLEMS = {
  'not-a-photo': '不是 JPEG、PNG 或 WebP 照片 / Not a JPEG, PNG or WebP photo',
  truncated: '照片不完整，请重新上传 / The photo is cut off, send it again',
} as const
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
  const incidentId = idOf(request.params.incidentId)
  const bytes: unknown = request.body
  const checked = Buffer.isBuffer(bytes) ? checkPhoto(bytes) : { ok: false as const, problem: 'not-a-photo' as const }
  if (!Buffer.isBuffer(bytes) || !checked.ok) throw invalid('photo', PROBLEMS[checked.ok ? 'not-a-photo' : checked.problem])
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
    if (present.length >= PHOTOS_MAX) throw invalid('photo', TOO_MANY)
    const row = { incidentId, name, type: checked.type, size: bytes.length, sha256, by: actor.name, atMs: nowMs }
    const added = await transaction
      .insertInto('incidentPhoto')
      .values({ ...row, data: bytes, removedAtMs: null, removedBy: null, removedReason: null })
      .returning(PHOTO_COLUMNS)
      .executeTakeFirstOrThrow()
    const after = { photoId: added.id, name, type: checked.type, bytes: bytes.length, sha256 }
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
    .where('id', '=', idOf(request.params.photoId))
    .executeTakeFirst()
  if (!photo) throw new ORPCError('NOT_FOUND', { message: '没有这张照片 / No such photo' })
  response.setHeader('content-type', photo.type)
  response.setHeader('x-content-type-options', 'nosniff')
  // Opened as an address of its own it is saved and never shown as a page of this site.
  response.setHeader('content-disposition', `attachment; filename="photo"; filename*=UTF-8''${encodeURIComponent(photo.name)}`)
  // The bytes of a photo never change; the next person at this browser asks again, because the answer depends on who asks.
  response.setHeader('cache-control', 'private, no-cache')
  response.setHeader('etag', `"${photo.sha256}"`)
  response.send(Buffer.from(photo.data))
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

function idOf(text: unknown): number {
  const id = typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
  if (id === undefined) throw invalid('id', '须为正整数 / must be a positive integer')
  return id
}

function invalid(field: string, message: string): ORPCError<string, unknown> {
  return new ORPCError('INVALID', { status: 422, message, data: { field, allowed: message } })
}
