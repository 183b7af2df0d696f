import { PHOTO_MAX_BYTES, PHOTO_TYPES } from '@roomkeeper/shared/http'

/** Enough to read a label on a rack; a telephone's twelve megapixels would only fill the database. */
const LONGEST_SIDE_PX = 2000
/** Smaller ones are sent as they are. */
const SMALL_BYTES = 1_000_000
const JPEG_QUALITY = 0.85

/** Why a file is not sent. */
export class UnsuitablePhotoError extends Error {
  readonly reason: 'unreadable' | 'tooLarge'
  constructor(reason: 'unreadable' | 'tooLarge') {
    super(reason)
    this.name = 'UnsuitablePhotoError'
    this.reason = reason
  }
}

/** The size to draw a picture at, px: as it is, or its longest side brought down; never below one pixel. */
export function fitWithin(width: number, height: number, longest: number): { width: number; height: number } {
  const share = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) }
}

/** `IMG_1.HEIC` becomes `IMG_1.jpg`: what is drawn anew is a JPEG, whatever it was. */
export function jpegName(name: string): string {
  return `${name.replace(/\.[^.]*$/, '') || 'photo'}.jpg`
}

/** The photo as it is sent: small ones untouched, others drawn anew as a JPEG of at most 2000 px, upright as the camera was held. */
export async function preparePhoto(file: File): Promise<{ blob: Blob; name: string }> {
  const isKnown = (PHOTO_TYPES as readonly string[]).includes(file.type)
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  if (!picture) throw new UnsuitablePhotoError('unreadable')
  try {
    const isSmall = Math.max(picture.width, picture.height) <= LONGEST_SIDE_PX && file.size <= SMALL_BYTES
    if (isKnown && isSmall) return { blob: file, name: file.name }
    const { width, height } = fitWithin(picture.width, picture.height, LONGEST_SIDE_PX)
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')
    // A transparent picture would turn black.
    if (context) context.fillStyle = '#fff'
    context?.fillRect(0, 0, width, height)
    context?.drawImage(picture, 0, 0, width, height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY))
    if (!blob) throw new UnsuitablePhotoError('unreadable')
    if (blob.size > PHOTO_MAX_BYTES) throw new UnsuitablePhotoError('tooLarge')
    return { blob, name: jpegName(file.name) }
  } finally {
    picture.close()
  }
}
