/** Chinese characters are as wide as the font is high, others about half of it. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u

export function textWidth(text: string, fontPx: number): number {
  return [...text].reduce((sum, sign) => sum + (WIDE.test(sign) ? 1 : 0.6) * fontPx, 0)
}

/** Where a line may end: after a space, a hyphen or a slash, and between Chinese characters; never after an opening bracket or before a closing one. */
function wordsOf(text: string): string[] {
  return (
    text.match(
      /（?(?:[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|[^\s\-/\u2e80-\ua4cf\uff00-\uff60]+[-/]?)[，。、）]*|\s+|[-/]/gu,
    ) ?? []
  )
}

/** A bracket at the end that fits in a line of its own is not torn apart. */
function wordsToFit(text: string, widthPx: number, fontPx: number): string[] {
  const [, before, bracket] = BRACKET.exec(text) ?? []
  if (before === undefined || bracket === undefined || textWidth(bracket, fontPx) > widthPx) return wordsOf(text)
  return [...wordsOf(before), bracket]
}
const BRACKET = /^(.*\S)\s*(（[^（）]*）|\([^()]*\))$/u

/** The text in at most so many lines of this width; what does not fit ends in an ellipsis. Empty when not even one word's beginning fits. */
export function fitLines(text: string, widthPx: number, fontPx: number, most: number): string[] {
  const words = wordsToFit(text.trim(), widthPx, fontPx)
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

/**
 * The largest font at which the whole text fits; without the bracket at its end where only that fits; else the smallest font with what fits.
 */
export function fitText(text: string, widthPx: number, heightPx: number, fontsPx: readonly number[]): Fitted {
  const short = BRACKET.exec(text.trim())?.[1]
  const whole =
    fitWhole(text, widthPx, heightPx, fontsPx) ?? (short === undefined ? undefined : fitWhole(short, widthPx, heightPx, fontsPx))
  if (whole) return whole
  const fontPx = fontsPx.at(-1) ?? 12
  return { lines: fitLines(text, widthPx, fontPx, mostLines(heightPx, fontPx)), fontPx }
}

interface Fitted {
  lines: string[]
  fontPx: number
}

function fitWhole(text: string, widthPx: number, heightPx: number, fontsPx: readonly number[]): Fitted | undefined {
  for (const fontPx of fontsPx) {
    const lines = fitLines(text, widthPx, fontPx, mostLines(heightPx, fontPx))
    if (isWhole(lines)) return { lines: balanced(text, widthPx, fontPx, lines), fontPx }
  }
  return undefined
}

const isWhole = (lines: readonly string[]): boolean => lines.length > 0 && !lines.at(-1)?.endsWith('…')

/** As many lines, as even as they can be: `UPS` and `主机` rather than `UPS 主` and `机`. */
function balanced(text: string, widthPx: number, fontPx: number, lines: string[]): string[] {
  let best = lines
  for (let narrower = widthPx - 1; lines.length > 1 && narrower > 0; narrower--) {
    const tried = fitLines(text, narrower, fontPx, lines.length)
    if (!isWhole(tried)) break
    best = tried
  }
  return best
}

const mostLines = (heightPx: number, fontPx: number): number => Math.max(1, Math.floor(heightPx / (fontPx * LINE_HEIGHT)))

export const LINE_HEIGHT = 1.25
