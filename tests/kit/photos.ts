/** The smallest whole photos of each type, made by hand: one pixel each. */
const ofHex = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')

export const PNG = ofHex(`
  89504e470d0a1a0a 0000000d49484452 0000000100000001 0806000000 1f15c489
  0000000d49444154 789c6360606060000000050001a5f64540 0000000049454e44ae426082`)

/** Start of image, an application segment that itself holds an end marker (a thumbnail), start of scan, data, end of image. */
export const JPEG = ofHex('ffd8 ffe0 0010 4a46494600010100000100ffd900 ffdb 0004 0001 ffda 0008 010100003f00 d2cf20 ffd9')

export const WEBP = ofHex('52494646 1a000000 57454250 5650384c 0d000000 2f00000010071011118888fe0700')

export const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
