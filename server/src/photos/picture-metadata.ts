/** What a picture says of itself, and its bytes without what a camera or a program wrote beside the picture. */
export interface BarePicture {
  bytes: Buffer
  widthPx: number
  heightPx: number
}

/**
 * A whole PNG or JPEG (see photo-check.ts) without Exif, XMP, comments, texts and whatever follows its end: a drawing of a room should not carry
 * where it was taken and who drew it. Colour profiles stay. Nothing is decoded. undefined: the picture does not say how large it is.
 */
export function barePicture(bytes: Buffer, type: 'image/png' | 'image/jpeg'): BarePicture | undefined {
  return type === 'image/png' ? barePng(bytes) : bareJpeg(bytes)
}

/** Chunks that say how the picture looks (PNG, third edition, table 7); what else there is says something about it. */
const PNG_CHUNKS: ReadonlySet<string> = new Set('IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs'.split(' '))

function barePng(bytes: Buffer): BarePicture | undefined {
  const kept = [bytes.subarray(0, 8)]
  let at = 8
  while (at + 12 <= bytes.length) {
    const name = bytes.toString('latin1', at + 4, at + 8)
    const end = at + 12 + bytes.readUInt32BE(at)
    if (PNG_CHUNKS.has(name)) kept.push(bytes.subarray(at, end))
    if (name === 'IEND') break
    at = end
  }
  if (bytes.toString('latin1', 12, 16) !== 'IHDR' || bytes.length < 24) return undefined
  return sized(Buffer.concat(kept), bytes.readUInt32BE(16), bytes.readUInt32BE(20))
}

const SOI_BYTES = 2
/** Start of frame, all its kinds (ITU T.81 table B.1): C0 … CF without DHT, JPG and DAC. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** APP1, APP3 … APP13, APP15 and comments; APP0 (JFIF), APP2 (colour profile) and APP14 (Adobe's colours) say how the picture looks. */
const isTold = (marker: number): boolean => marker === 0xfe || (marker >= 0xe1 && marker <= 0xef && marker !== 0xe2 && marker !== 0xee)

function bareJpeg(bytes: Buffer): BarePicture | undefined {
  const kept = [bytes.subarray(0, SOI_BYTES)]
  let found: { widthPx: number; heightPx: number } | undefined
  let at = SOI_BYTES
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xda) break
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (isFrame(marker) && at + 9 <= bytes.length) found = { heightPx: bytes.readUInt16BE(at + 5), widthPx: bytes.readUInt16BE(at + 7) }
    if (!isTold(marker)) kept.push(bytes.subarray(at, end))
    at = end
  }
  const end = bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) + 2
  return found && sized(Buffer.concat([...kept, bytes.subarray(at, end)]), found.widthPx, found.heightPx)
}

function sized(bytes: Buffer, widthPx: number, heightPx: number): BarePicture | undefined {
  return widthPx > 0 && heightPx > 0 ? { bytes, widthPx, heightPx } : undefined
}
