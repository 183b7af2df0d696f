import type { PointLevels, SavedPlan } from '@roomkeeper/shared/http'
import { type FloorPlan, LAYERS } from '@roomkeeper/shared/model'
import { useMemo, useRef } from 'react'
import { useIsDark } from '../../ui/theme.ts'
import { HeatCanvas } from './HeatCanvas.tsx'
import { gridOf } from './heat-field.ts'
import { type HeatScale, heatScale, type MapKind } from './heat-scale.ts'
import { hotSpots } from './hot-spots.ts'
import { ItemMark, type LinkedItem } from './ItemMark.tsx'
import { ItemShape } from './ItemShape.tsx'
import { PlanPicture } from './PlanPicture.tsx'
import { ProbeMarks, placesWithFigure, type ShownLayer } from './ProbeMarks.tsx'
import { byPlace, type PlacedProbe } from './placed.ts'
import { spotReadings, useEachSecond } from './read-now.ts'
import { Tiles } from './Tiles.tsx'
import type { RoomParts } from './use-room-parts.ts'

interface Props {
  plan: FloorPlan
  picture: SavedPlan['picture']
  parts: RoomParts
  probes: readonly PlacedProbe[]
  levels: ReadonlyMap<number, PointLevels>
  kind: MapKind
  layer: ShownLayer
  heat: HeatScale
  /** Pixels per metre. */
  scale: number
  label: string
  onOpen: (pointId: number) => void
}

/** The plan seen from above: the drawing, the heat, the things with their states, the probes with their figures. */
export function PlanMap({ plan, picture, parts, probes, levels, kind, layer, heat, scale, label, onOpen }: Props) {
  const lines = useRef<SVGPathElement>(null)
  const shown = useMemo(() => probes.filter((probe) => layer === 'all' || probe.layer === layer), [probes, layer])
  const places = useMemo(() => byPlace(shown), [shown])
  const hotIds = useEachSecond(() =>
    hotSpots(spotReadings(probes, levels))
      .map(({ pointId }) => pointId)
      .join(),
  )
  const hot = useMemo(() => new Set(hotIds.split(',').map(Number)), [hotIds])
  const isHot = (pointId: number) => hot.has(pointId)
  const figures = useMemo(
    () =>
      placesWithFigure(
        places.map((group) => {
          const { x = 0, y = 0 } = group[0]?.item ?? {}
          const isHot = group.some(({ of }) => hot.has(of.temperature?.point.id ?? 0))
          return { x: x * scale, y: y * scale, isHot, hasAlarm: group.some(({ of }) => of[kind]?.point.alarm != null) }
        }),
      ),
    [places, scale, hot, kind],
  )
  const [width, height] = [plan.width * scale, plan.depth * scale]
  const { columns, rows } = gridOf(plan.width, plan.depth)
  return (
    <div className="plan-sheet" style={{ width, height }}>
      {picture && plan.background && <PlanPicture background={plan.background} picture={picture} scale={scale} />}
      <HeatCanvas plan={plan} probes={shown} kind={kind} scale={heat} lines={lines} />
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset */}
      <svg className="plan-drawing" width={width} height={height} role="group" aria-label={label}>
        <Tiles width={plan.width} depth={plan.depth} scale={scale} />
        <path ref={lines} className="plan-isoline" data-scale={`scale(${width / columns} ${height / rows})`} />
        {plan.items.map((item) =>
          'facing' in item ? (
            <ItemMark key={item.id} item={item satisfies LinkedItem} parts={parts} scale={scale} planWidthPx={width} onOpen={onOpen} />
          ) : (
            item.type !== 'probe' && <ItemShape key={item.id} item={item} scale={scale} label="" />
          ),
        )}
        {places.map((group, index) => (
          <ProbeMarks
            key={group[0]?.item.id}
            group={group}
            kind={kind}
            scale={scale}
            hasFigure={figures[index] ?? false}
            isHot={isHot}
            onOpen={onOpen}
          />
        ))}
      </svg>
    </div>
  )
}

/** The scale of a map: the strictest of the limits in force on its probes, so that no excursion looks calm. */
export function useHeatScale(kind: MapKind, probes: readonly PlacedProbe[], levels: ReadonlyMap<number, PointLevels>): HeatScale {
  const isDark = useIsDark()
  const limits = probes.flatMap(({ of }) => levels.get(of[kind]?.point.id ?? 0) ?? [])
  const lows = limits.flatMap(({ low, lowLow }) => low ?? lowLow ?? [])
  const highs = limits.flatMap(({ high, highHigh }) => high ?? highHigh ?? [])
  const low = lows.length > 0 ? Math.max(...lows) : null
  const high = highs.length > 0 ? Math.min(...highs) : null
  return useMemo(() => heatScale(kind, { low, high }, isDark), [kind, low, high, isDark])
}

export const SHOWN_LAYERS: readonly ShownLayer[] = ['all', ...[...LAYERS].reverse()]
