import type { PlanItem } from '@roomkeeper/shared/model'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityShape } from '../../ui/PriorityMark.tsx'
import { boxLabel } from './box-label.ts'
import { textWidth } from './fit-lines.ts'
import { ItemShape } from './ItemShape.tsx'
import { deviceState, doorState, type ItemState, tellingPoint } from './item-state.ts'
import type { PointOfRoom } from './placed.ts'
import { pressable } from './pressable.ts'
import { readNow, useEachSecond } from './read-now.ts'
import type { RoomParts } from './use-room-parts.ts'

export type LinkedItem = Extract<PlanItem, { facing: string }>

interface Props {
  item: LinkedItem
  parts: RoomParts
  scale: number
  /** Of the whole plan: a sign stays within its walls. */
  planWidthPx: number
  onOpen: (pointId: number) => void
}

/** A thing with its state: the alarm's shape and colour, and in a word what is not in order. */
export function ItemMark({ item, parts, scale, planWidthPx, onOpen }: Props) {
  const { t } = useTranslation('plan')
  const words = useWords()
  const device = 'deviceId' in item && item.deviceId !== null ? parts.devices.get(item.deviceId) : undefined
  const contact = item.type === 'door' && item.pointId !== null ? parts.points.get(item.pointId) : undefined
  const state = JSON.parse(useEachSecond(() => JSON.stringify(stateOf(item, parts, contact)))) as ItemState
  const name = item.name || (device ? words.device(device) : contact ? words.point(contact.point) : '') || t(`type.${item.type}`)
  const isTold = state.priority !== null || !['ok', 'unlinked'].includes(state.sign)
  const sign = isTold && state.sign !== 'ok' && state.sign !== 'unlinked' ? t(`sign.${state.sign}`) : ''
  const label = [name, sign, state.priority && words.priority(state.priority)].filter(Boolean).join(' · ')
  const target = contact?.point ?? (device && tellingPoint(device))
  const centre = { x: (item.x + item.width / 2) * scale, y: (item.y + item.depth / 2) * scale }
  const box = { y: item.y * scale, width: item.width * scale, height: item.depth * scale }
  const markY = item.type === 'door' ? centre.y - (item.facing === 'up' ? 14 : -14) : boxLabel(box, name, isTold).signY
  const tone = state.priority ?? (state.sign === 'offline' ? 'high' : state.sign === 'on-battery' ? 'medium' : 'plain')
  return (
    <g
      className={`plan-mark plan-thing${isTold ? ` plan-state-${tone}` : ''}${state.sign === 'offline' || state.sign === 'missing' ? ' plan-away' : ''}`}
      data-testid={`plan-item-${item.id}`}
      data-sign={state.sign}
      data-priority={state.priority ?? ''}
    >
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawing takes no focus; what does lies above it */}
      <g aria-hidden="true">
        <ItemShape item={item} scale={scale} label={name} isMarked={isTold} isOpen={state.sign === 'open'} />
        {isTold && <Sign x={centre.x} most={planWidthPx} y={markY} priority={state.priority} tone={tone} text={sign} />}
      </g>
      <rect
        className="plan-press"
        x={item.x * scale}
        y={item.y * scale}
        width={item.width * scale}
        height={item.depth * scale}
        {...(target ? pressable(label, () => onOpen(target.id)) : {})}
      >
        <title>{label}</title>
      </rect>
    </g>
  )
}

function stateOf(item: LinkedItem, parts: RoomParts, contact: PointOfRoom | undefined): ItemState {
  if (item.type === 'door') return doorState(item.pointId, contact?.point, readNow)
  // A rack need not be a device.
  if (item.type === 'rack' && item.deviceId === null) return { sign: 'ok', priority: null }
  return deviceState(item.deviceId, item.deviceId === null ? undefined : parts.devices.get(item.deviceId), readNow)
}

const FONT_PX = 11

interface SignProps {
  x: number
  y: number
  most: number
  priority: string | null
  tone: string
  text: string
}

function Sign({ x, y, most, priority, tone, text }: SignProps) {
  const width = textWidth(text, FONT_PX) + (priority ? 15 : 0) + (text ? 10 : 5)
  return (
    <g transform={`translate(${Math.max(width / 2, Math.min(x, most - width / 2))} ${y})`} className={`plan-sign plan-sign-${tone}`}>
      <rect className="plan-sign-ground" x={-width / 2} y={-9} width={width} height={18} rx={3} />
      {priority && (
        <g transform={`translate(${-width / 2 + 3} -6.5)`}>
          <PriorityShape priority={priority} />
        </g>
      )}
      {text && (
        <text className="plan-sign-text" x={priority ? 8 : 0} fontSize={FONT_PX}>
          {text}
        </text>
      )}
    </g>
  )
}
