import { ORPCError } from '@orpc/client'

/** Address of a photo's bytes. */
export function photoUrl(photoId: number): string {
  return `/api/photos/${photoId}`
}

/** Where an incident's photos are sent. */
export function incidentPhotosUrl(incidentId: number, name: string): string {
  return `/api/incidents/${incidentId}/photos?name=${encodeURIComponent(name)}`
}

/** Address of the bytes of a record's photo or drawn signature. */
export function recordFileUrl(fileId: number): string {
  return `/api/record-files/${fileId}`
}

/** Where the photos and drawn signatures of a record's field are sent. */
export function recordFilesUrl(register: string, recordId: number, key: string, name: string): string {
  return `/api/registers/${register}/records/${recordId}/files?key=${encodeURIComponent(key)}&name=${encodeURIComponent(name)}`
}

/** Five megabytes over a slow line; longer and the line is dead. */
const UPLOAD_TIMEOUT_MS = 60_000

/** Sends the bytes of a file, telling how far it is (0 to 1); fails as `api` does. By XMLHttpRequest: fetch tells nothing of an upload's progress. */
export function uploadBytes<Answer>(url: string, blob: Blob, onProgress: (share: number) => void = () => undefined): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = new XMLHttpRequest()
  request.open('POST', url)
  request.setRequestHeader('content-type', blob.type)
  request.responseType = 'json'
  request.timeout = UPLOAD_TIMEOUT_MS
  request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
  request.onload = () => {
    const { status, response } = request
    if (status >= 200 && status < 300) return resolve(response as Answer)
    const { code, message, data } = (response ?? {}) as { code?: string; message?: string; data?: unknown }
    reject(new ORPCError(code ?? 'OTHER', { status, message, data }))
  }
  const onBroken = () => reject(new TypeError('the file could not be sent'))
  request.onerror = onBroken
  request.ontimeout = onBroken
  request.onabort = onBroken
  request.send(blob)
  return promise
}
