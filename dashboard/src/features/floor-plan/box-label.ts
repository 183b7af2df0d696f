import { fitText, LINE_HEIGHT } from './fit-lines.ts'

interface Box {
  y: number
  width: number
  height: number
}

interface BoxLabel {
  lines: string[]
  fontPx: number
  /** The middle of the first line. */
  firstY: number
  /** The middle of the sign below the lines. */
  signY: number
}

const FONTS_PX = [12, 11, 10, 9]
/** A sign with the gap above it. */
const SIGN_PX = 20
/** One line of the smallest letters and the sign; in a lower box there is the sign only. */
const LOWEST_PX = 34

/** The name of a thing and the sign below it, together in the middle of its box, in pixels. */
export function boxLabel({ y, width, height }: Box, label: string, isMarked: boolean): BoxLabel {
  const signPx = isMarked ? SIGN_PX : 0
  const { lines, fontPx } =
    isMarked && height < LOWEST_PX ? { lines: [], fontPx: 9 } : fitText(label, width - 6, height - 8 - signPx, FONTS_PX)
  const linePx = fontPx * LINE_HEIGHT
  const top = y + (height - lines.length * linePx - signPx) / 2
  return { lines, fontPx, firstY: top + linePx / 2, signY: top + lines.length * linePx + SIGN_PX / 2 }
}
