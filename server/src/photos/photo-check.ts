import type { PHOTO_TYPES } from '@roomkeeper/shared/http'

export type PhotoType = (typeof PHOTO_TYPES)[number]

/** What the bytes are, whatever the file is called; a problem in words for people. */
export type PhotoCheck = { ok: true; type: PhotoType } | { ok: false; problem: 'not-a-photo' | 'truncated' }

/**
 * Looks at the bytes alone. JPEG (ITU T.81 annex B), PNG (RFC 2083) and WebP (RFC 9649) are walked to their end, so that a picture which
 * was cut off on the way is refused and not kept half. Nothing is decoded.
 */
export function checkPhoto(bytes: Uint8Array): PhotoCheck {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return answer('image/jpeg', isWholeJpeg(bytes))
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return answer('image/png', isWholePng(bytes))
  if (textAt(bytes, 0) === 'RIFF' && textAt(bytes, 8) === 'WEBP') return answer('image/webp', isWholeWebp(bytes))
  return { ok: false, problem: 'not-a-photo' }
}

function answer(type: PhotoType, isWhole: boolean): PhotoCheck {
  return isWhole ? { ok: true, type } : { ok: false, problem: 'truncated' }
}

/** From segment to segment up to the picture itself (start of scan), then the last end marker; cameras append more behind it. */
function isWholeJpeg(bytes: Uint8Array): boolean {
  const view = viewOf(bytes)
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return false
    if (bytes[at + 1] === 0xff) {
      at += 1
      continue
    }
    if (bytes[at + 1] === 0xda) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(END_OF_IMAGE) > at
    at += 2 + view.getUint16(at + 2)
  }
  return false
}
const END_OF_IMAGE = Buffer.from([0xff, 0xd9])

/** Chunks: length, name, data, checksum; the last is IEND, and one of them holds the picture. */
function isWholePng(bytes: Uint8Array): boolean {
  const view = viewOf(bytes)
  let at = 8
  let hasPicture = false
  while (at + 12 <= bytes.length) {
    const name = textAt(bytes, at + 4)
    if (name === 'IEND') return hasPicture
    hasPicture ||= name === 'IDAT'
    at += 12 + view.getUint32(at)
  }
  return false
}

function isWholeWebp(bytes: Uint8Array): boolean {
  const size = viewOf(bytes).getUint32(4, true)
  return size > 12 && 8 + size <= bytes.length && ['VP8 ', 'VP8L', 'VP8X'].includes(textAt(bytes, 12))
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, index) => bytes[index] === byte)
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

const NAME_LENGTH = 120

/** The file's own name without folders, control characters and characters that turn the reading direction; never empty. */
export function photoName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = [...last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()].slice(0, NAME_LENGTH).join('')
  return clean.replace(/^\.+/, '') || 'photo'
}
