import type { SavedPlan } from '@roomkeeper/shared/http'
import { extentOf, type PlanItem } from '@roomkeeper/shared/model'
import { type Dispatch, type DragEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PlanPicture } from '../../features/floor-plan/PlanPicture.tsx'
import { Tiles } from '../../features/floor-plan/Tiles.tsx'
import type { RoomParts } from '../../features/floor-plan/use-room-parts.ts'
import { useWidth } from '../../features/floor-plan/use-width.ts'
import { ZoomButtons } from '../../features/floor-plan/ZoomButtons.tsx'
import { BoardItem, offsetsOfProbes } from './BoardItem.tsx'
import { type Drag, dragged, type PointOnPlan } from './drag.ts'
import type { EditAction, EditState } from './edit-history.ts'
import { asItemType, DRAG_TYPE } from './Palette.tsx'

/** What the pointer does: move things, choose two points of the drawing, or move the drawing. */
export type BoardMode = { type: 'items' } | { type: 'calibrate'; points: readonly PointOnPlan[] } | { type: 'picture' }

interface Props {
  state: EditState
  dispatch: Dispatch<EditAction>
  picture: SavedPlan['picture']
  parts: RoomParts
  nameOf: (item: PlanItem) => string
  step: number
  mode: BoardMode
  setMode: (mode: BoardMode) => void
  onDrop: (type: PlanItem['type'], at: PointOnPlan) => void
  onSelect: (ids: ReadonlySet<string>) => void
}

const MAX_HEIGHT_PX = 640
const ZOOMS = [1, 1.5, 2, 3]
/** A click is no drag before the pointer has moved so far. */
const DRAG_PX = 4

/** The floor on which things are moved with the pointer; the keys are the editor's. */
export function Board({ state, dispatch, picture, parts, nameOf, step, mode, setMode, onDrop, onSelect }: Props) {
  const { t } = useTranslation('plan')
  const { plan, selected } = state
  const frame = useRef<HTMLDivElement>(null)
  const svg = useRef<SVGSVGElement>(null)
  const width = useWidth(frame)
  const [zoom, setZoom] = useState(0)
  /** The focus comes by the pointer, which has chosen already. */
  const isPointing = useRef(false)
  const [drag, setDrag] = useState<Drag | null>(null)
  const scale = Math.min(width / plan.width, MAX_HEIGHT_PX / plan.depth) * (ZOOMS[zoom] ?? 1)
  const offsets = offsetsOfProbes(plan.items)

  const pointOf = (event: { clientX: number; clientY: number }): PointOnPlan => {
    const box = svg.current?.getBoundingClientRect()
    return { x: (event.clientX - (box?.left ?? 0)) / scale, y: (event.clientY - (box?.top ?? 0)) / scale }
  }
  const begin = (event: PointerEvent, next: Drag) => {
    svg.current?.setPointerCapture(event.pointerId)
    setDrag(next)
  }

  function onItemDown(event: PointerEvent, item: PlanItem) {
    if (mode.type !== 'items' || event.button !== 0) return
    event.stopPropagation()
    isPointing.current = true
    const isMore = event.shiftKey || event.ctrlKey || event.metaKey
    const next = isMore ? toggled(selected, item.id) : selected.has(item.id) ? selected : new Set([item.id])
    onSelect(next)
    if (next.has(item.id)) begin(event, { type: 'move', anchor: item, ids: next, from: pointOf(event), plan, hasMoved: false })
  }

  function onFloorDown(event: PointerEvent) {
    if (event.button !== 0) return
    const at = pointOf(event)
    if (mode.type === 'calibrate') {
      if (mode.points.length < 2) setMode({ type: 'calibrate', points: [...mode.points, at] })
      return
    }
    if (mode.type === 'picture') return begin(event, { type: 'picture', from: at, plan })
    onSelect(new Set())
    // Fingers scroll the page by the floor.
    if (event.pointerType === 'mouse') begin(event, { type: 'frame', from: at, to: at })
  }

  function onMove(event: PointerEvent) {
    if (!drag) return
    const to = pointOf(event)
    if (drag.type === 'frame') return setDrag({ ...drag, to })
    if (drag.type === 'move' && !drag.hasMoved) {
      if (Math.hypot(to.x - drag.from.x, to.y - drag.from.y) * scale < DRAG_PX) return
      setDrag({ ...drag, hasMoved: true })
    }
    dispatch({ type: 'change', plan: dragged(drag, to, event.altKey ? 0.1 : step), gesture: 'drag' })
  }

  function onUp() {
    isPointing.current = false
    if (drag?.type === 'frame') {
      const [left, right] = [drag.from.x, drag.to.x].sort((a, b) => a - b) as [number, number]
      const [top, bottom] = [drag.from.y, drag.to.y].sort((a, b) => a - b) as [number, number]
      const inside = plan.items.filter((item) => {
        const { width: w, depth } = extentOf(item)
        return item.x < right && item.x + w > left && item.y < bottom && item.y + depth > top
      })
      onSelect(new Set(inside.map(({ id }) => id)))
    } else if (drag) dispatch({ type: 'settle' })
    setDrag(null)
  }

  function onDropHere(event: DragEvent) {
    const type = asItemType(event.dataTransfer.getData(DRAG_TYPE))
    if (!type) return
    event.preventDefault()
    onDrop(type, pointOf(event))
  }

  const [only] = selected.size === 1 ? plan.items.filter(({ id }) => selected.has(id)) : []
  return (
    <section className="panel plan-board">
      <div className="plan-board-tools">
        <ZoomButtons zoom={zoom} largest={ZOOMS.length - 1} onZoom={setZoom} />
      </div>
      <div ref={frame} className="plan-frame">
        {width > 0 && (
          <div className="plan-sheet" style={{ width: plan.width * scale, height: plan.depth * scale }}>
            {picture && plan.background && <PlanPicture background={plan.background} picture={picture} scale={scale} />}
            {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset */}
            <svg
              ref={svg}
              className={`plan-drawing plan-drawing-${mode.type}`}
              width={plan.width * scale}
              height={plan.depth * scale}
              role="group"
              aria-label={t('editor.board')}
              data-testid="plan-board"
              onPointerDown={onFloorDown}
              onPointerMove={onMove}
              onPointerUp={onUp}
              onPointerCancel={onUp}
              onDragOver={(event) => event.dataTransfer.types.includes(DRAG_TYPE) && event.preventDefault()}
              onDrop={onDropHere}
            >
              <rect className="plan-floor" width={plan.width * scale} height={plan.depth * scale} />
              <Tiles width={plan.width} depth={plan.depth} scale={scale} />
              {plan.items.map((item) => (
                <BoardItem
                  key={item.id}
                  {...{ item, scale, parts }}
                  label={nameOf(item)}
                  offsetPx={offsets.get(item.id) ?? 0}
                  isSelected={selected.has(item.id)}
                  onDown={onItemDown}
                  onFocus={() => {
                    if (!isPointing.current && !selected.has(item.id)) onSelect(new Set([item.id]))
                  }}
                />
              ))}
              {only && 'width' in only && mode.type === 'items' && (
                <rect
                  className="plan-handle"
                  x={(only.x + only.width) * scale - 7}
                  y={(only.y + only.depth) * scale - 7}
                  width={14}
                  height={14}
                  onPointerDown={(event) => {
                    event.stopPropagation()
                    begin(event, { type: 'resize', item: only, plan })
                  }}
                >
                  <title>{t('editor.resize')}</title>
                </rect>
              )}
              {drag?.type === 'frame' && (
                <rect
                  className="plan-marquee"
                  x={Math.min(drag.from.x, drag.to.x) * scale}
                  y={Math.min(drag.from.y, drag.to.y) * scale}
                  width={Math.abs(drag.to.x - drag.from.x) * scale}
                  height={Math.abs(drag.to.y - drag.from.y) * scale}
                />
              )}
              {mode.type === 'calibrate' && (
                <g className="plan-measure">
                  {mode.points.map(({ x, y }) => (
                    <circle key={`${x} ${y}`} cx={x * scale} cy={y * scale} r={5} />
                  ))}
                  <path d={mode.points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x * scale} ${y * scale}`).join('')} />
                </g>
              )}
            </svg>
          </div>
        )}
      </div>
    </section>
  )
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}
