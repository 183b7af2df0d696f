import { type RefObject, useEffect, useLayoutEffect, useReducer, useRef } from 'react'
import { type Stretch, sameChunks, stretchesOf, WHOLE_UP_TO_ROWS } from './row-window.ts'

/** Drawn beyond the edges of the window, so that scrolling and the tab key find rows there. */
const OVERSCAN_PX = 700
/** Until rows have been measured. */
const FIRST_GUESS_PX = 44

interface RowWindow {
  /** undefined: the table is short and drawn whole. */
  stretches: Stretch[] | undefined
  /** For the table's focus events: the chunk that has the keyboard stays. */
  pin(chunk: number | null): void
}

/**
 * Which rows of a long table are drawn: those in the browser's window and some beyond. It does not ask what scrolls; it looks where the table
 * is. Heights are measured, not prescribed: rows wrap, open, and are cards on a phone.
 */
export function useRowWindow(table: RefObject<HTMLTableElement | null>, rowCount: number): RowWindow {
  const isLong = rowCount > WHOLE_UP_TO_ROWS
  const heights = useRef(new Map<number, number>())
  const drawnAt = useRef({ widthPx: 0, fromPx: 0, toPx: 2 * OVERSCAN_PX })
  const pinned = useRef<number | null>(null)
  const [, redraw] = useReducer((times: number) => times + 1, 0)

  const measured = [...heights.current].filter(([chunk]) => chunk !== 0)
  const sumPx = measured.reduce((sum, [, heightPx]) => sum + heightPx, 0)
  const rowHeightPx = measured.length > 0 ? sumPx / (measured.length * 20) : FIRST_GUESS_PX
  const now = () => stretchesOf({ rowCount, heights: heights.current, rowHeightPx, ...drawnAt.current, pinned: pinned.current })
  const stretches = isLong ? now() : undefined

  const look = () => {
    const element = table.current
    if (!element || !stretches) return
    measure(element, heights.current, drawnAt.current)
    const topPx = element.getBoundingClientRect().top + (element.tHead?.offsetHeight ?? 0)
    drawnAt.current = { ...drawnAt.current, fromPx: -topPx - OVERSCAN_PX, toPx: window.innerHeight - topPx + OVERSCAN_PX }
    if (!sameChunks(stretches, now())) redraw()
  }
  const lookRef = useRef(look)
  useLayoutEffect(() => {
    lookRef.current = look
    look()
  })
  useEffect(() => {
    if (!isLong) return
    let frame = 0
    const soon = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => lookRef.current())
    }
    // Capturing: scrolling does not bubble, and what scrolls may be the page, a panel or a dialog.
    document.addEventListener('scroll', soon, { capture: true, passive: true })
    window.addEventListener('resize', soon)
    return () => {
      cancelAnimationFrame(frame)
      document.removeEventListener('scroll', soon, { capture: true })
      window.removeEventListener('resize', soon)
    }
  }, [isLong])
  return {
    stretches,
    pin: (chunk) => {
      pinned.current = chunk
      if (stretches && !sameChunks(stretches, now())) redraw()
    },
  }
}

/** Heights of the drawn chunks; in another width rows wrap otherwise, so that none of the old ones holds. */
function measure(table: HTMLTableElement, heights: Map<number, number>, drawnAt: { widthPx: number }): void {
  const widthPx = table.offsetWidth
  if (drawnAt.widthPx !== widthPx) heights.clear()
  drawnAt.widthPx = widthPx
  for (const body of table.tBodies) {
    const { chunk } = body.dataset
    if (chunk !== undefined) heights.set(Number(chunk), body.getBoundingClientRect().height)
  }
}
