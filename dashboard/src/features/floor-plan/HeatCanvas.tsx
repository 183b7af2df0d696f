import type { FloorPlan } from '@roomkeeper/shared/model'
import { type RefObject, useEffect, useRef } from 'react'
import { subscribeSecond } from '../../client/clock.ts'
import { type HeatField, heatField, highestPerPlace } from './heat-field.ts'
import type { HeatScale, MapKind } from './heat-scale.ts'
import { isoline } from './isoline.ts'
import type { PlacedProbe } from './placed.ts'
import { usableValue } from './read-now.ts'

interface Props {
  plan: FloorPlan
  /** Those of the layer that is shown. */
  probes: readonly PlacedProbe[]
  kind: MapKind
  scale: HeatScale
  /** Where the lines of the limits are drawn; its unit is a cell. */
  lines: RefObject<SVGPathElement | null>
}

/** The colours between the probes, drawn beside React: looked at once a second, drawn only when a value has changed. */
export function HeatCanvas({ plan, probes, kind, scale, lines }: Props) {
  const ref = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let drawn = ''
    const draw = () => {
      const used = probes.flatMap(({ item, of }) => {
        const value = of[kind] && usableValue(of[kind].point)
        // A tenth is what a person reads, and what a probe knows.
        return value === undefined ? [] : [{ x: item.x, y: item.y, value: Math.round(value * 10) / 10 }]
      })
      const state = used.map(({ x, y, value }) => `${x} ${y} ${value}`).join()
      if (state === drawn || !ref.current) return
      drawn = state
      const field = heatField(highestPerPlace(used), plan)
      paint(ref.current, field, scale)
      const levels = [scale.low, scale.high].filter((level) => level !== null)
      lines.current?.setAttribute('d', levels.map((level) => isoline(field, level)).join(''))
      lines.current?.setAttribute('transform', lines.current.dataset.scale ?? '')
      ref.current.dataset.probes = String(used.length)
    }
    draw()
    return subscribeSecond(draw)
  }, [plan, probes, kind, scale, lines])
  return <canvas ref={ref} className="plan-heat" data-testid="plan-heat" />
}

/** Never quite opaque: the drawing under it and the grid stay visible. */
const MAX_OPACITY = 0.92

function paint(canvas: HTMLCanvasElement, { columns, rows, values, cover }: HeatField, scale: HeatScale): void {
  if (canvas.width !== columns) canvas.width = columns
  if (canvas.height !== rows) canvas.height = rows
  const context = canvas.getContext('2d')
  if (!context) return
  const image = context.createImageData(columns, rows)
  for (let cell = 0; cell < values.length; cell++) {
    const opacity = cover[cell] ?? 0
    if (opacity === 0) continue
    const [red, green, blue] = scale.colourOf(values[cell] ?? 0)
    image.data.set([red, green, blue, Math.round(255 * MAX_OPACITY * opacity)], 4 * cell)
  }
  context.putImageData(image, 0, 0)
}
