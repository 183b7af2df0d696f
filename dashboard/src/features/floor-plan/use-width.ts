import { type RefObject, useLayoutEffect, useState } from 'react'

/** The width that an element has for its content, px; 0 before it is there. */
export function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    // At once, so that the first picture is not an empty one: an observer speaks up only after it.
    setWidth(contentWidth(element))
    const observer = new ResizeObserver(() => setWidth(contentWidth(element)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return width
}

function contentWidth(element: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(element)
  return Math.floor(element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight))
}
