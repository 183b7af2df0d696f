/** Chinese characters are as wide as the font is high, others about half of it. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u

export function textWidth(text: string, fontPx: number): number {
  return [...text].reduce((sum, sign) => sum + (WIDE.test(sign) ? 1 : 0.6) * fontPx, 0)
}

/** Where a line may end: after a space, a hyphen or a slash, and between Chinese characters. */
function wordsOf(text: string): string[] {
  return (
    text.match(
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60][，。、）]?|[^\s\-/\u2e80-\ua4cf\uff00-\uff60]+[-/]?|\s+|[-/]/gu,
    ) ?? []
  )
}

/** The text in at most so many lines of this width; what does not fit ends in an ellipsis. Empty when not even one word's beginning fits. */
export function fitLines(text: string, widthPx: number, fontPx: number, most: number): string[] {
  const words = wordsOf(text.trim())
  const lines: string[] = []
  while (words.length > 0 && lines.length < most) {
    let line = ''
    while (words.length > 0 && textWidth((line + words[0]).trimEnd(), fontPx) <= widthPx) line += words.shift()
    // A word that is wider than the line is cut off.
    if (line.trim() === '')
      return lines.length > 0 || words[0] === undefined ? cutOff(lines, widthPx, fontPx) : cutOff([words[0]], widthPx, fontPx)
    lines.push(line.trim())
    while (words[0]?.trim() === '') words.shift()
  }
  return words.length > 0 ? cutOff(lines, widthPx, fontPx) : lines
}

function cutOff(lines: readonly string[], widthPx: number, fontPx: number): string[] {
  const signs = [...(lines.at(-1) ?? '')]
  while (signs.length > 0 && textWidth(`${signs.join('')}…`, fontPx) > widthPx) signs.pop()
  return signs.length === 0 ? lines.slice(0, -1) : [...lines.slice(0, -1), `${signs.join('').trimEnd()}…`]
}

/** The largest font at which the whole text fits, else the smallest with what fits. */
export function fitText(text: string, widthPx: number, heightPx: number, fontsPx: readonly number[]): { lines: string[]; fontPx: number } {
  let fitted = { lines: [] as string[], fontPx: fontsPx[0] ?? 12 }
  for (const fontPx of fontsPx) {
    const lines = fitLines(text, widthPx, fontPx, Math.max(1, Math.floor(heightPx / (fontPx * LINE_HEIGHT))))
    fitted = { lines, fontPx }
    if (lines.length > 0 && !lines.at(-1)?.endsWith('…')) return fitted
  }
  return fitted
}

export const LINE_HEIGHT = 1.25
