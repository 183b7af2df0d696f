import type { BoxItem, PlanItem } from '@roomkeeper/shared/model'
import { boxLabel } from './box-label.ts'
import { LINE_HEIGHT } from './fit-lines.ts'

interface Props {
  item: Exclude<PlanItem, { type: 'probe' }>
  /** Pixels per metre. */
  scale: number
  label: string
  /** Lines left free below the label for a mark. */
  isMarked?: boolean
  /** A door that stands open. */
  isOpen?: boolean
}

/** A thing of the plan as it is drawn, in pixels; what is told of it live lies above. */
export function ItemShape({ item, scale, label, isMarked = false, isOpen = false }: Props) {
  if (item.type === 'text') {
    return (
      <text className="plan-words" x={item.x * scale} y={item.y * scale}>
        {item.text}
      </text>
    )
  }
  const box = { x: item.x * scale, y: item.y * scale, width: item.width * scale, height: item.depth * scale }
  if (item.type === 'wall' || item.type === 'column') return <rect className={`plan-solid plan-${item.type}`} {...box} />
  if (item.type === 'door') return <Door item={item} scale={scale} isOpen={isOpen} />
  const { lines, fontPx, firstY } = boxLabel(box, label, isMarked)
  return (
    <>
      <rect className={`plan-box plan-${item.type}`} {...box} rx={item.type === 'rack' ? 1 : 4} />
      <path className={`plan-front plan-front-${item.type}`} d={frontOf(item, scale)} />
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one label have no other name
        <text key={index} className="plan-label" x={box.x + box.width / 2} y={firstY + index * fontPx * LINE_HEIGHT} fontSize={fontPx}>
          {line}
        </text>
      ))}
    </>
  )
}

/** The side that faces the cold aisle, or that blows. */
function frontOf({ x, y, width, depth, facing }: BoxItem & { facing: string }, scale: number): string {
  const [left, top, right, bottom] = [x * scale + 1.5, y * scale + 1.5, (x + width) * scale - 1.5, (y + depth) * scale - 1.5]
  if (facing === 'up') return `M${left} ${top}H${right}`
  if (facing === 'down') return `M${left} ${bottom}H${right}`
  return facing === 'left' ? `M${left} ${top}V${bottom}` : `M${right} ${top}V${bottom}`
}

/** As architects draw it: the leaf and the way that it turns; lying in its frame when it is shut. */
function Door({ item, scale, isOpen }: { item: Extract<PlanItem, { type: 'door' }>; scale: number; isOpen: boolean }) {
  const { facing } = item
  const isLying = facing === 'up' || facing === 'down'
  const [x, y, width, depth] = [item.x * scale, item.y * scale, item.width * scale, item.depth * scale]
  const leaf = isLying ? width : depth
  const [hingeX, hingeY] = [
    facing === 'left' ? x : facing === 'right' ? x + width : x,
    facing === 'up' ? y : facing === 'down' ? y + depth : y,
  ]
  const [outX, outY] = [facing === 'left' ? -leaf : facing === 'right' ? leaf : 0, facing === 'up' ? -leaf : facing === 'down' ? leaf : 0]
  const [shutX, shutY] = isLying ? [leaf, 0] : [0, leaf]
  const sweep = facing === 'up' || facing === 'right' ? 1 : 0
  return (
    <>
      <rect className="plan-door-frame" x={x} y={y} width={width} height={depth} />
      <path
        className="plan-door-swing"
        d={`M${hingeX + outX} ${hingeY + outY}A${leaf} ${leaf} 0 0 ${sweep} ${hingeX + shutX} ${hingeY + shutY}`}
      />
      <path className="plan-door-leaf" d={`M${hingeX} ${hingeY}l${isOpen ? `${outX} ${outY}` : `${shutX} ${shutY}`}`} />
    </>
  )
}
