import { ORPCError } from '@orpc/server'
import type { Response } from 'express'
import { checkPhoto, type PhotoType } from './photo-check.ts'

const PROBLEMS = {
  'not-a-photo': '不是 JPEG、PNG 或 WebP 照片 / Not a JPEG, PNG or WebP photo',
  truncated: '照片不完整，请重新上传 / The photo is cut off, send it again',
} as const

/** The bytes of a request as a photo. Throws INVALID naming what is wrong when they are none. */
export function requirePhoto(body: unknown): { bytes: Buffer; type: PhotoType } {
  const checked = Buffer.isBuffer(body) ? checkPhoto(body) : { ok: false as const, problem: 'not-a-photo' as const }
  if (!Buffer.isBuffer(body) || !checked.ok) throw invalidInput('photo', PROBLEMS[checked.ok ? 'not-a-photo' : checked.problem])
  return { bytes: body, type: checked.type }
}

/** Bytes as they were sent. Opened as an address of its own a photo is saved and never shown as a page of this site. */
export function answerPhoto(response: Response, photo: { name: string; type: string; data: Uint8Array; sha256: string }): void {
  response.setHeader('content-type', photo.type)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('content-disposition', `attachment; filename="photo"; filename*=UTF-8''${encodeURIComponent(photo.name)}`)
  // The bytes of a photo never change; the next person at this browser asks again, because the answer depends on who asks.
  response.setHeader('cache-control', 'private, no-cache')
  response.setHeader('etag', `"${photo.sha256}"`)
  response.send(Buffer.from(photo.data))
}

/** A row id in a path. Throws INVALID when it is none. */
export function idOfPath(text: unknown): number {
  const id = typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
  if (id === undefined) throw invalidInput('id', '须为正整数 / must be a positive integer')
  return id
}

export function invalidInput(field: string, message: string): ORPCError<string, unknown> {
  return new ORPCError('INVALID', { status: 422, message, data: { field, allowed: message } })
}
