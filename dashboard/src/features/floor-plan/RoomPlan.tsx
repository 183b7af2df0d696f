import { EditOutlined } from '@ant-design/icons'
import type { Device, PointLevels, SavedPlan } from '@roomkeeper/shared/http'
import type { FloorPlan } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { Failure } from '../../ui/states.tsx'
import { HeatLegend } from './HeatLegend.tsx'
import { HotSpots } from './HotSpots.tsx'
import { MAP_KINDS, type MapKind } from './heat-scale.ts'
import { PlanMap, SHOWN_LAYERS, useHeatScale } from './PlanMap.tsx'
import type { ShownLayer } from './ProbeMarks.tsx'
import { placedProbes } from './placed.ts'
import { useRoomParts } from './use-room-parts.ts'
import { useWidth } from './use-width.ts'
import { ZoomButtons } from './ZoomButtons.tsx'
import './floor-plan.css'

interface Props {
  room: { id: number; name: string; deviceList: readonly Device[] }
  onOpen: (pointId: number) => void
}

/** The room as it is now, on its plan. Without one: how to come by it, for those who may. */
export function RoomPlan({ room, onOpen }: Props) {
  const { t } = useTranslation('plan')
  const query = useQuery(queries.floorPlans.get.queryOptions({ input: { roomId: room.id } }))
  const mayWrite = useMay('rooms.write')
  if (!query.data)
    return query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <div className="panel plan-waiting" />
  const { plan, picture } = query.data
  if (plan) return <LivePlan room={room} plan={plan} picture={picture} mayWrite={mayWrite} onOpen={onOpen} />
  if (!mayWrite) return null
  return (
    <section className="panel plan-none" data-testid="plan-none">
      <div>
        <h2>{t('none.title')}</h2>
        <p className="muted">{t('none.note')}</p>
      </div>
      <Link to={`/rooms/${room.id}/plan`}>
        <Button type="primary" icon={<EditOutlined />} data-testid="plan-begin">
          {t('none.begin')}
        </Button>
      </Link>
    </section>
  )
}

interface LiveProps extends Props {
  plan: FloorPlan
  picture: SavedPlan['picture']
  mayWrite: boolean
}

/** Taller than this the map would push what stands below it off the screen. */
const MAX_HEIGHT_PX = 520
const ZOOMS = [1, 1.5, 2, 3, 4]

function LivePlan({ room, plan, picture, mayWrite, onOpen }: LiveProps) {
  const { t } = useTranslation('plan')
  const [kind, setKind] = useState<MapKind>('temperature')
  const [layer, setLayer] = useState<ShownLayer>('all')
  const [zoom, setZoom] = useState(0)
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const parts = useRoomParts(room.deviceList)
  const probes = useMemo(() => placedProbes(plan, parts.points), [plan, parts.points])
  const levels = useLevels(room.id)
  const heat = useHeatScale(kind, probes, levels)
  const scale = Math.min(width / plan.width, MAX_HEIGHT_PX / plan.depth) * (ZOOMS[zoom] ?? 1)
  const first = probes.find(({ of }) => of[kind])?.of[kind]?.point
  return (
    <section className="panel plan-panel" data-testid="room-plan">
      <div className="panel-head">
        <h2>{t('title')}</h2>
        <Segmented
          size="small"
          value={kind}
          onChange={setKind}
          aria-label={t('kindOf')}
          options={MAP_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
        />
        <Segmented
          size="small"
          value={layer}
          onChange={setLayer}
          aria-label={t('layerOf')}
          options={SHOWN_LAYERS.map((value) => ({
            value,
            label: <span data-testid={`plan-layer-${value}`}>{t(`shownLayer.${value}`)}</span>,
            title: t(`layerNote.${value}`),
          }))}
        />
        <span className="plan-tools">
          <ZoomButtons zoom={zoom} largest={ZOOMS.length - 1} onZoom={setZoom} />
          {mayWrite && (
            <Link to={`/rooms/${room.id}/plan`} className="plan-edit" data-testid="plan-edit">
              <EditOutlined /> {t('edit')}
            </Link>
          )}
        </span>
      </div>
      <div className="plan-body">
        <div ref={frame} className="plan-frame" tabIndex={zoom > 0 ? 0 : undefined}>
          {width > 0 && (
            <PlanMap
              {...{ plan, picture, parts, probes, levels, kind, layer, heat, scale, onOpen }}
              label={t('mapOf', { room: room.name, kind: t(`kind.${kind}`) })}
            />
          )}
        </div>
        <aside className="plan-aside">
          <HotSpots probes={probes} levels={levels} onOpen={onOpen} />
          {first ? (
            <HeatLegend scale={heat} kind={kind} unit={unitSymbol(first.unit)} reach={plan.reach} />
          ) : (
            <p className="muted">{t('noProbes', { kind: t(`kind.${kind}`) })}</p>
          )}
        </aside>
      </div>
    </section>
  )
}

/** The limits in force, by point; those of day and night change by the clock. */
function useLevels(roomId: number): ReadonlyMap<number, PointLevels> {
  const { data } = useQuery(queries.floorPlans.levels.queryOptions({ input: { roomId } }))
  return useMemo(() => new Map((data ?? []).map((row) => [row.pointId, row])), [data])
}
