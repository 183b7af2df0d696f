import { layerOf, type PlanItem, type ProbeItem } from '@roomkeeper/shared/model'
import type { PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { textWidth } from '../../features/floor-plan/fit-lines.ts'
import { ItemShape } from '../../features/floor-plan/ItemShape.tsx'
import type { RoomParts } from '../../features/floor-plan/use-room-parts.ts'

interface Props {
  item: PlanItem
  label: string
  scale: number
  parts: RoomParts
  /** Beside those that hang at the same place. */
  offsetPx: number
  isSelected: boolean
  onDown: (event: PointerEvent, item: PlanItem) => void
  onFocus: () => void
}

/** A thing that can be taken hold of. */
export function BoardItem({ item, label, scale, parts, offsetPx, isSelected, onDown, onFocus }: Props) {
  const { t } = useTranslation('plan')
  const isGone = hasLostLink(item, parts)
  const what = [t(`type.${item.type}`), label, item.type === 'probe' ? `${item.z} m` : '', isGone ? t('sign.missing') : '']
  const press = pressArea(item, scale, offsetPx)
  return (
    <g className={`plan-item${isSelected ? ' plan-selected' : ''}${isGone ? ' plan-gone' : ''}`}>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawing takes no focus; what does lies above it */}
      <g aria-hidden="true">
        {item.type === 'probe' ? (
          <g transform={`translate(${item.x * scale} ${item.y * scale + offsetPx})`}>
            <circle className="plan-board-probe" r={9} />
            <text className="plan-board-layer" fontSize={11}>
              {t(`shownLayer.${layerOf(item.z)}`).slice(0, 1)}
            </text>
          </g>
        ) : (
          <ItemShape item={item} scale={scale} label={label} />
        )}
      </g>
      {/* biome-ignore lint/a11y/useSemanticElements: a button of a drawing */}
      <rect
        className="plan-press"
        {...press}
        role="button"
        tabIndex={0}
        aria-pressed={isSelected}
        aria-label={[...new Set(what)].filter(Boolean).join(' ')}
        data-testid={`board-${item.id}`}
        onPointerDown={(event) => onDown(event, item)}
        onFocus={onFocus}
      />
    </g>
  )
}

/** Where a thing is taken hold of: thin things need more than they show. */
const LEAST_PX = 24

function pressArea(item: PlanItem, scale: number, offsetPx: number) {
  const [x, y] = [item.x * scale, item.y * scale]
  if (item.type === 'probe') return { x: x - 10, y: y + offsetPx - 10, width: 20, height: 20 }
  if (item.type === 'text') return { x: x - 4, y: y - 12, width: textWidth(item.text, 13) + 8, height: LEAST_PX }
  const width = Math.max(LEAST_PX, item.width * scale)
  const height = Math.max(LEAST_PX, item.depth * scale)
  return { x: x - (width - item.width * scale) / 2, y: y - (height - item.depth * scale) / 2, width, height }
}

function hasLostLink(item: PlanItem, parts: RoomParts): boolean {
  if (item.type === 'probe') return item.pointIds.some((id) => !parts.points.has(id))
  if (item.type === 'door') return item.pointId !== null && !parts.points.has(item.pointId)
  return 'deviceId' in item && item.deviceId !== null && !parts.devices.has(item.deviceId)
}

const APART_PX = 19

/** Probes that hang one over the other are drawn one below the other, the highest above, so that each can be taken hold of, and so can the rack. */
export function offsetsOfProbes(items: readonly PlanItem[]): ReadonlyMap<string, number> {
  const places = new Map<string, ProbeItem[]>()
  for (const item of items) {
    if (item.type !== 'probe') continue
    const place = `${Math.round(item.x * 10)} ${Math.round(item.y * 10)}`
    places.set(place, [...(places.get(place) ?? []), item])
  }
  return new Map(
    [...places.values()].flatMap((probes) => probes.sort((a, b) => b.z - a.z).map(({ id }, index) => [id, index * APART_PX] as const)),
  )
}
