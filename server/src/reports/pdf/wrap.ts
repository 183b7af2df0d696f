import type { Span } from '../document.ts'

/** Width of a text in points at size 1. */
export type Measure = (text: string, isBold: boolean) => number

/** Must not begin a line (避头) and must not end one (避尾), by GB/T 15834 and common typesetting. */
const NOT_FIRST = '，。、；：？！）》〉」』】〕…—～·%‰℃°,.;:?!)]}”’'
const NOT_LAST = '（《〈「『【〔([{“‘'
const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u{20000}-\u{3ffff}]/u

/** Pieces between which a line may break: single Chinese characters with their punctuation, words, spaces. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let open = ''
  for (const char of text) {
    const last = pieces.at(-1)
    if (NOT_LAST.includes(char)) open += char
    else if (char === ' ') {
      if (open !== '') pieces.push(open)
      open = ''
      pieces.push(char)
    } else if (open === '' && last !== undefined && last !== ' ' && NOT_FIRST.includes(char)) pieces[pieces.length - 1] = last + char
    else if (open === '' && last !== undefined && last !== ' ' && !WIDE.test(char) && !WIDE.test(last) && last.length < 200)
      if (last.length > 14 && /[/_\-\\]$/.test(last))
        // Long names and hashes may break after a slash, hyphen or underscore.
        pieces.push(char)
      else pieces[pieces.length - 1] = last + char
    else {
      pieces.push(open + char)
      open = ''
    }
  }
  if (open !== '') pieces.push(open)
  return pieces
}

/** Lines of at most `width` points (at size 1). Newlines break; a piece that is wider than a line is cut. */
export function wrapSpans(spans: readonly Span[], width: number, measure: Measure): Span[][] {
  const lines: Span[][] = []
  let line: Span[] = []
  let used = 0
  const put = (span: Span, text: string, wide: number): void => {
    const last = line.at(-1)
    if (last && last.bold === span.bold && last.struck === span.struck && last.tone === span.tone) last.text += text
    else line.push({ ...span, text })
    used += wide
  }
  const end = (): void => {
    lines.push(line)
    line = []
    used = 0
  }
  for (const span of spans) {
    const isBold = span.bold === true
    for (const [index, part] of span.text.split(/\r?\n/).entries()) {
      if (index > 0) end()
      for (const piece of piecesOf(part.replaceAll('\t', ' '))) {
        const wide = measure(piece, isBold)
        if (used + wide <= width) put(span, piece, wide)
        else if (piece === ' ') end()
        else if (wide <= width) {
          end()
          put(span, piece, wide)
        } else
          for (const char of piece) {
            const one = measure(char, isBold)
            if (used > 0 && used + one > width) end()
            put(span, char, one)
          }
      }
    }
  }
  end()
  return lines
}
