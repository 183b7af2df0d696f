import { newLocalId } from '../../client/offline/client-key.ts'
import { LOCAL_ID_BELOW } from '../../client/offline/paper.ts'
import { filesOf, keepFile } from '../../client/offline/queue.ts'
import { recordFileUrl } from '../../client/photos.ts'
import { preparePhoto } from '../photos/scale-photo.ts'

/** Addresses of photos that this page has shown, by local id; they live as long as the page. */
const addresses = new Map<number, string>()

/** Keeps a photo in the browser's database; gives its local id. Fails when it is no photo, or when there is no room for it. */
export async function keepPhoto(paperKey: string, field: string, file: File): Promise<number> {
  const { blob, name } = await preparePhoto(file)
  const id = newLocalId(Date.now())
  await keepFile({ id, paperKey, field, name, blob })
  addresses.set(id, URL.createObjectURL(blob))
  return id
}

export function isLocal(photoId: number): boolean {
  return photoId < LOCAL_ID_BELOW
}

/** Where a photo can be shown from: this browser while it is not sent, the server afterwards. */
export async function photoAddress(paperKey: string, photoId: number): Promise<string | undefined> {
  if (!isLocal(photoId)) return recordFileUrl(photoId)
  const known = addresses.get(photoId)
  if (known) return known
  const file = (await filesOf(paperKey)).find(({ id }) => id === photoId)
  if (!file) return undefined
  const address = URL.createObjectURL(file.blob)
  addresses.set(photoId, address)
  return address
}
