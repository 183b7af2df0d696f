import type { RecordFile } from '@roomkeeper/shared/http'
import { recordFileUrl } from '../../client/photos.ts'
import { PhotoStrip } from '../photos/PhotoStrip.tsx'
import type { UploadTarget } from '../photos/photo-uploads.ts'

interface Props {
  /** File ids. */
  value: unknown
  /** Of the record. */
  files: readonly RecordFile[]
  max?: number
  /** Absent: only to look at. */
  target?: UploadTarget
  strikeOut?: (fileId: number, reason: string) => Promise<unknown>
  /** Only buttons, without words about limits. */
  isSmall?: boolean
}

const PHOTOS_MAX = 10

/** Photos of a field, of an item of a checklist; struck out ones stay to be seen. */
export function PhotoInput({ value, files, max = PHOTOS_MAX, target, strikeOut, isSmall }: Props) {
  const ids = Array.isArray(value) ? value : []
  // A photo that has just arrived is in the value before the record's files are read again.
  const photos = ids.map((id: number) => files.find((file) => file.id === id) ?? { id, name: '', by: '', atMs: Date.now(), removed: null })
  return <PhotoStrip photos={photos} urlOf={recordFileUrl} max={max} target={target} strikeOut={strikeOut} isSmall={isSmall} />
}
