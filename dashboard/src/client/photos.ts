import { ORPCError } from '@orpc/client'
import type { Photo } from '@roomkeeper/shared/http'

/** Address of a photo's bytes. */
export function photoUrl(photoId: number): string {
  return `/api/photos/${photoId}`
}

/** Five megabytes over a slow line; longer and the line is dead. */
const UPLOAD_TIMEOUT_MS = 60_000

/** Sends a photo, telling how far it is (0 to 1); fails as `api` does. By XMLHttpRequest: fetch tells nothing of an upload's progress. */
export function uploadPhoto(incidentId: number, photo: { blob: Blob; name: string }, onProgress: (share: number) => void): Promise<Photo> {
  const { promise, resolve, reject } = Promise.withResolvers<Photo>()
  const request = new XMLHttpRequest()
  request.open('POST', `/api/incidents/${incidentId}/photos?name=${encodeURIComponent(photo.name)}`)
  request.setRequestHeader('content-type', photo.blob.type)
  request.responseType = 'json'
  request.timeout = UPLOAD_TIMEOUT_MS
  request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
  request.onload = () => {
    const { status, response } = request
    if (status >= 200 && status < 300) return resolve(response as Photo)
    const { code, message, data } = (response ?? {}) as { code?: string; message?: string; data?: unknown }
    reject(new ORPCError(code ?? 'OTHER', { status, message, data }))
  }
  const onBroken = () => reject(new TypeError('the photo could not be sent'))
  request.onerror = onBroken
  request.ontimeout = onBroken
  request.onabort = onBroken
  request.send(photo.blob)
  return promise
}
