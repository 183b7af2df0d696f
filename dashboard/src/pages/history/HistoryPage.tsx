import { DownloadOutlined } from '@ant-design/icons'
import type { Point } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Segmented, TreeSelect } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api, historyCsvUrl, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { roomQuery, roomsQuery } from '../../client/room-queries.ts'
import { maxGapMs } from '../../features/charts/chart-data.ts'
import { TrendChart } from '../../features/charts/TrendChart.tsx'
import { decimalsOf } from '../../features/live/value-text.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { HistoryTable } from './HistoryTable.tsx'
import { groupByUnit, type HistoryRange, parseIds, RANGE_NAMES, RANGES_MS, rangeOf } from './history-range.ts'
import './history.css'

const MAX_POINTS = 20
const BUCKETS = 600
export interface NamedPoint {
  point: Point
  label: string
}

export function HistoryPage() {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const pointIds = parseIds(search.get('points') ?? '')
  const range = rangeOf(search)
  const { tree, byId, isPending } = usePointTree()
  const chosen = pointIds.flatMap((pointId) => byId.get(pointId) ?? [])

  const update = (patch: Record<string, string | undefined>) => {
    const next = new URLSearchParams(search)
    for (const [key, value] of Object.entries(patch)) {
      if (value) next.set(key, value)
      else next.delete(key)
    }
    setSearch(next)
  }

  return (
    <>
      <PageHead title={t('nav.history')} />
      <div className="panel panel-body history-form">
        <TreeSelect
          key={isPending ? 'loading' : 'ready'}
          className="history-points"
          treeDefaultExpandAll={tree.length <= 2}
          listHeight={420}
          treeData={tree}
          value={pointIds}
          loading={isPending}
          multiple
          treeCheckable
          showSearch={{ treeNodeFilterProp: 'title' }}
          maxCount={MAX_POINTS}
          showCheckedStrategy="SHOW_CHILD"
          placeholder={t('history.choose')}
          aria-label={t('history.choose')}
          data-testid="history-points"
          onChange={(ids: number[]) =>
            update({
              points: ids
                .filter((each) => typeof each === 'number')
                .slice(0, MAX_POINTS)
                .join(','),
            })
          }
        />
        <Segmented
          value={range.name}
          options={[
            ...RANGE_NAMES.map((value) => ({ value, label: t(`range.${value}`) })),
            { value: 'custom' as const, label: t('range.custom') },
          ]}
          onChange={(name) => {
            if (name !== 'custom') return update({ range: name, from: undefined, to: undefined })
            const toMs = Math.floor(serverClock.nowMs())
            update({ range: undefined, from: String(toMs - 86_400_000), to: String(toMs) })
          }}
        />
        {range.name === 'custom' && (
          <DatePicker.RangePicker
            showTime={{ format: 'HH:mm' }}
            format="YYYY-MM-DD HH:mm"
            allowClear={false}
            value={[dayjs(range.fromMs), dayjs(range.toMs)]}
            onChange={(times) => {
              if (times?.[0] && times[1]) update({ from: String(times[0].valueOf()), to: String(times[1].valueOf()) })
            }}
          />
        )}
      </div>
      {pointIds.length === 0 ? (
        <div className="panel">
          <Empty>{t('history.chooseFirst')}</Empty>
        </div>
      ) : (
        chosen.length > 0 && <Result points={chosen} range={range} />
      )}
      {pointIds.length > 0 && chosen.length === 0 && !isPending && (
        <div className="panel">
          <Empty>{t('history.unknownPoints')}</Empty>
        </div>
      )}
    </>
  )
}

function Result({ points, range }: { points: readonly NamedPoint[]; range: HistoryRange }) {
  const { t } = useTranslation()
  const ids = points.map(({ point }) => point.id).join(',')
  const query = useQuery({
    queryKey: [...queries.history.buckets.key(), 'page', ids, range.name, range.name === 'custom' ? [range.fromMs, range.toMs] : null],
    queryFn: async () => {
      const toMs = range.name === 'custom' ? range.toMs : Math.floor(serverClock.nowMs())
      const fromMs = range.name === 'custom' ? range.fromMs : toMs - RANGES_MS[range.name]
      return { fromMs, toMs, rows: await api.history.buckets({ pointIds: ids, fromMs, toMs, buckets: BUCKETS }) }
    },
    refetchInterval: range.name === 'custom' ? false : 60_000,
  })
  return (
    <QueryView query={query}>
      {({ fromMs, toMs, rows }) => (
        <>
          {groupByUnit(points).map((group) => (
            <UnitChart key={group.unit} points={group.points} rows={rows} fromMs={fromMs} toMs={toMs} />
          ))}
          <section className="panel">
            <div className="panel-head">
              <h2>{t('history.table')}</h2>
              <Button
                className="panel-edit"
                size="small"
                icon={<DownloadOutlined />}
                href={historyCsvUrl(
                  points.map(({ point }) => point.id),
                  fromMs,
                  toMs,
                )}
                download
                data-testid="history-csv"
              >
                {t('history.csv')}
              </Button>
            </div>
            <HistoryTable points={points} rows={rows} />
          </section>
        </>
      )}
    </QueryView>
  )
}

type Rows = Awaited<ReturnType<typeof api.history.buckets>>

/** Points of one unit share a chart; different units get charts of their own, one below the other. */
function UnitChart({ points, rows, fromMs, toMs }: { points: readonly NamedPoint[]; rows: Rows; fromMs: number; toMs: number }) {
  const { t } = useTranslation()
  const curves = useMemo(
    () =>
      points.map(({ point, label }) => {
        const row = rows.find(({ pointId }) => pointId === point.id)
        return { label, buckets: row?.buckets ?? [], maxGapMs: maxGapMs(row?.bucketMs ?? 0, point.intervalMs) }
      }),
    [points, rows],
  )
  const first = points[0]
  if (!first) return null
  const unit = unitSymbol(first.point.unit)
  const title = points.length === 1 ? first.label : unit || t('history.noUnit')
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="muted">{t('history.bandNote')}</span>
      </div>
      <div className="panel-body">
        <TrendChart curves={curves} unit={unit} decimals={decimalsOf(first.point.kind)} fromMs={fromMs} toMs={toMs} label={title} />
      </div>
    </section>
  )
}

/** All points as a tree room › device › point, and by id. */
function usePointTree() {
  const words = useWords()
  const rooms = useQuery(roomsQuery())
  const details = useQueries({ queries: (rooms.data ?? []).map(({ id }) => ({ ...roomQuery(id), refetchInterval: 60_000 })) })
  const signature = details.map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the results array is new on every render; its data changes with the signature
  return useMemo(() => {
    const byId = new Map<number, NamedPoint>()
    const tree = details.flatMap(({ data: room }) => {
      if (!room) return []
      const devices = room.deviceList.map((device) => ({
        value: `device-${device.id}`,
        title: words.device(device),
        children: device.points
          .filter(({ kind }) => kind !== 'text' && kind !== 'ups-status')
          .map((point) => {
            const isAmbiguous = device.points.some((other) => other.id !== point.id && words.point(other) === words.point(point))
            const name = isAmbiguous ? `${words.point(point)} (${point.key})` : words.point(point)
            const label = `${room.name} › ${words.device(device)} › ${name}`
            byId.set(point.id, { point, label })
            return { value: point.id, title: name }
          }),
      }))
      return [{ value: `room-${room.id}`, title: room.name, children: devices }]
    })
    return { tree, byId, isPending: rooms.isPending || details.some((detail) => detail.isPending) }
  }, [signature, rooms.isPending, words])
}
