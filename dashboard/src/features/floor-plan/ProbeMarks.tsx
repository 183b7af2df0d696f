import type { Point } from '@roomkeeper/shared/http'
import type { Layer } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityShape } from '../../ui/PriorityMark.tsx'
import { latestOf } from '../live/use-point-look.ts'
import { decimalsOf, numberText } from '../live/value-text.ts'
import { textWidth } from './fit-lines.ts'
import type { MapKind } from './heat-scale.ts'
import type { PlacedProbe } from './placed.ts'
import { pressable } from './pressable.ts'
import { readNow, usableValue, useEachSecond } from './read-now.ts'

interface Props {
  /** Hang one over the other; those of the layer that is shown. */
  group: readonly PlacedProbe[]
  kind: MapKind
  scale: number
  /** Whether there is room for the figure, or for the dot only. */
  hasFigure: boolean
  isHot: (pointId: number) => boolean
  onOpen: (pointId: number) => void
}

const FONT_PX = 12
export const CHIP_PX = { width: 44, height: 20 }

/** The probes of one place: the highest of what may be used as a figure, and a dot for each probe, hollow when its value may not be used. */
export function ProbeMarks({ group, kind, scale, hasFigure, isHot, onOpen }: Props) {
  const { t } = useTranslation('plan')
  const words = useWords()
  const measured = group.flatMap((probe) => (probe.of[kind] ? [{ probe, point: probe.of[kind].point }] : []))
  const state = useEachSecond(() => {
    let shown: Point | undefined
    let highest = Number.NEGATIVE_INFINITY
    const usable = measured.map(({ point }) => {
      const value = usableValue(point)
      if (value !== undefined && value > highest) {
        highest = value
        shown = point
      }
      return value !== undefined
    })
    const first = shown ?? measured[0]?.point
    const value = first && latestOf(first).value
    const text = first && typeof value === 'number' ? numberText(value, decimalsOf(first.kind)) : '—'
    return JSON.stringify([first?.id ?? 0, shown !== undefined, text, first ? readNow(first).freshness : 'none', usable])
  })
  const [pointId, isUsable, text, freshness, usable] = JSON.parse(state) as [number, boolean, string, string, boolean[]]
  const found = measured.find(({ point }) => point.id === pointId)
  const [first] = group
  if (!first) return null
  const [x, y] = [first.item.x * scale, first.item.y * scale]
  if (!found) return <Unlinked group={group} x={x} y={y} />
  const { probe, point } = found
  const alarm = measured.map((each) => each.point.alarm).find((each) => each !== null) ?? null
  const place = probe.rackName === null ? words.point(point) : `${probe.rackName} ${t(`layer.${probe.layer}`)}`
  const doubt = isUsable ? '' : ` · ${t(freshness === 'fresh' ? 'notBelieved' : 'notFresh')}`
  const label = `${place} ${text} ${unitSymbol(point.unit)}${doubt}${alarm ? ` · ${words.priority(alarm)}` : ''}`
  const width = Math.max(CHIP_PX.width, textWidth(text, FONT_PX) + (alarm ? 30 : 16))
  return (
    <g
      className={`plan-mark plan-probe${isUsable ? '' : ' plan-doubt'}${isHot(pointId) ? ' plan-hot' : ''}${alarm ? ` plan-state-${alarm}` : ''}`}
      transform={`translate(${x} ${y})`}
      data-testid={`plan-probe-${pointId}`}
    >
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawing takes no focus; what does lies above it */}
      <g aria-hidden="true">
        <Dots usable={usable} />
        {hasFigure && (
          <g transform={`translate(0 ${8 + CHIP_PX.height / 2})`}>
            <rect className="plan-chip" x={-width / 2} y={-CHIP_PX.height / 2} width={width} height={CHIP_PX.height} rx={3} />
            <text className="plan-figure" x={alarm ? 7 : 0} fontSize={FONT_PX}>
              {text}
            </text>
            {alarm && (
              <g transform={`translate(${-width / 2 + 4} -6.5)`} className={`plan-sign plan-sign-${alarm}`}>
                <PriorityShape priority={alarm} />
              </g>
            )}
          </g>
        )}
      </g>
      <rect
        className="plan-press"
        x={-width / 2}
        y={-14}
        width={width}
        height={hasFigure ? 14 + 8 + CHIP_PX.height : 28}
        {...pressable(label, () => onOpen(pointId))}
      >
        <title>{label}</title>
      </rect>
    </g>
  )
}

function Dots({ usable }: { usable: readonly boolean[] }) {
  const gap = 9
  return usable.map((isUsable, index) => (
    <circle
      // biome-ignore lint/suspicious/noArrayIndexKey: the probes of a place have an order and nothing else
      key={index}
      className={isUsable ? 'plan-dot' : 'plan-dot plan-hollow'}
      cx={(index - (usable.length - 1) / 2) * gap}
      r={3.5}
    />
  ))
}

/** On the plan without anything of this kind behind it. */
function Unlinked({ group, x, y }: { group: readonly PlacedProbe[]; x: number; y: number }) {
  const { t } = useTranslation('plan')
  const isMissing = group.some(({ missing }) => missing > 0)
  const isOther = group.some(({ of }) => Object.keys(of).length > 0)
  if (isOther && !isMissing) return null
  return (
    <g transform={`translate(${x} ${y})`} className="plan-lost">
      <title>{t(isMissing ? 'sign.missing' : 'sign.unlinked')}</title>
      <path d="M-4-4 4 4M4-4-4 4" />
    </g>
  )
}

/** Which places have room for their figure: first come, first served, in the order of the plan; hot ones are served first. */
export function placesWithFigure(places: readonly { x: number; y: number; isHot: boolean; hasAlarm: boolean }[]): boolean[] {
  const shown: { x: number; y: number; half: number }[] = []
  const has = places.map(() => false)
  for (const wanted of [true, false]) {
    for (const [index, { x, y, isHot, hasAlarm }] of places.entries()) {
      if (isHot !== wanted) continue
      const half = (hasAlarm ? ALARM_CHIP_PX : CHIP_PX.width) / 2 + 1
      const isFree = shown.every((other) => Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > CHIP_PX.height + 10)
      if (!isFree) continue
      shown.push({ x, y, half })
      has[index] = true
    }
  }
  return has
}

/** With the sign of its alarm before the figure. */
const ALARM_CHIP_PX = 60

export type ShownLayer = Layer | 'all'
