import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Measure } from './wrap.ts'

/** The two weights of Noto Sans SC as the package brings them: the files are on this machine, no web font is asked for. */
export function fontFiles(): { regular: Buffer; bold: Buffer } {
  const folder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'))
  return {
    regular: readFileSync(join(folder, '400Regular', 'NotoSansSC_400Regular.ttf')),
    bold: readFileSync(join(folder, '700Bold', 'NotoSansSC_700Bold.ttf')),
  }
}

/** The part of fontkit's font that is used here; pdfkit gives it as `doc._font.font`. */
export interface FontkitFont {
  unitsPerEm: number
  hasGlyphForCodePoint(codePoint: number): boolean
  glyphForCodePoint(codePoint: number): { advanceWidth: number }
}

const REPLACED: Readonly<Record<string, string>> = { '\u00a0': ' ', '\u2011': '-', '\u200b': '', '\ufeff': '', '\u200d': '', '\ufe0f': '' }

/** Text as it can be printed: what the font lacks is named by its code point, so that nothing vanishes. */
export function printable(text: string, font: Pick<FontkitFont, 'hasGlyphForCodePoint'>): string {
  let shown = ''
  for (const char of text.normalize('NFC')) {
    const codePoint = char.codePointAt(0) ?? 0
    const replaced = REPLACED[char]
    if (replaced !== undefined) shown += replaced
    else if (char === '\n' || char === '\t') shown += char
    else if (codePoint < 32 || codePoint === 127) shown += ' '
    else shown += font.hasGlyphForCodePoint(codePoint) ? char : `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`
  }
  return shown
}

/** Widths by character, kept: laying a text out through the font's own tables costs a hundred times as much. */
export function measureWith(regular: FontkitFont, bold: FontkitFont): Measure {
  const known = [new Map<string, number>(), new Map<string, number>()] as const
  return (text, isBold) => {
    const widths = known[isBold ? 1 : 0]
    const font = isBold ? bold : regular
    let width = 0
    for (const char of text) {
      let one = widths.get(char)
      if (one === undefined) {
        one = font.glyphForCodePoint(char.codePointAt(0) ?? 32).advanceWidth / font.unitsPerEm
        widths.set(char, one)
      }
      width += one
    }
    return width
  }
}
