import type { Point } from '@roomkeeper/shared/http'
import { useQueries, useQuery } from '@tanstack/react-query'
import { DatePicker, Segmented, TreeSelect } from 'antd'
import dayjs from 'dayjs'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { serverClock } from '../../client/clock.ts'
import { roomQuery, roomsQuery } from '../../client/room-queries.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, Failure, Loading } from '../../ui/states.tsx'
import { HistoryResult } from './HistoryResult.tsx'
import { openingPoints, parseIds, patchedSearch, RANGE_NAMES, rangeOf } from './history-range.ts'
import './history.css'

const MAX_POINTS = 20
export interface NamedPoint {
  point: Point
  label: string
}

export function HistoryPage() {
  const { t } = useTranslation()
  const { t: texts } = useTranslation('history')
  const [search, setSearch] = useSearchParams()
  const pointsText = search.get('points') ?? ''
  const pointIds = useMemo(() => parseIds(pointsText), [pointsText])
  const range = rangeOf(search)
  const { tree, byId, isPending, failed, opening } = usePointTree()
  // One and the same while nothing changes: new ones would draw the charts anew.
  const chosen = useMemo(() => pointIds.flatMap((pointId) => byId.get(pointId) ?? []), [pointIds, byId])

  // Said in words where the chooser would show a bare number.
  const unknown =
    isPending || failed ? [] : pointIds.flatMap((id) => (byId.has(id) ? [] : { value: id, title: texts('unknownPoint', { id }) }))

  const update = (patch: Record<string, string | undefined>) => setSearch(patchedSearch(search, patch))
  // Nothing to choose before there is something to see; a choice that was emptied stays empty.
  const isToBegin = !search.has('points') && opening !== ''
  useEffect(() => {
    if (isToBegin) setSearch((before) => patchedSearch(before, { points: opening }), { replace: true })
  }, [isToBegin, opening, setSearch])

  return (
    <>
      <PageHead title={t('nav.history')} />
      <div className="panel panel-body history-form">
        <TreeSelect
          key={isPending ? 'loading' : 'ready'}
          className="history-points"
          treeDefaultExpandAll={tree.length <= 2}
          listHeight={420}
          treeData={[...tree, ...unknown]}
          value={pointIds}
          loading={isPending}
          multiple
          treeCheckable
          showSearch={{ treeNodeFilterProp: 'title' }}
          maxCount={MAX_POINTS}
          showCheckedStrategy="SHOW_CHILD"
          placeholder={texts('choose')}
          aria-label={texts('choose')}
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
      {isPending && chosen.length === 0 && <Loading />}
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {pointIds.length === 0 && !isPending && !isToBegin && !failed && (
        <div className="panel">
          <Empty>{texts('chooseFirst')}</Empty>
        </div>
      )}
      {chosen.length > 0 && <HistoryResult points={chosen} range={range} />}
      {pointIds.length > 0 && chosen.length === 0 && !isPending && !failed && (
        <div className="panel">
          <Empty>{texts('unknownPoints')}</Empty>
        </div>
      )}
    </>
  )
}

/** All points as a tree room › device › point, and by id. */
function usePointTree() {
  const words = useWords()
  const rooms = useQuery(roomsQuery())
  const details = useQueries({ queries: (rooms.data ?? []).map(({ id }) => ({ ...roomQuery(id), refetchInterval: 60_000 })) })
  const signature = details.map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the results array is new on every render; its data changes with the signature
  const points = useMemo(() => {
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
    return { tree, byId }
  }, [signature, words])
  const failed = [rooms, ...details].find(({ isError }) => isError)
  const opening = openingPoints(rooms.data ?? []).join(',')
  return { ...points, isPending: rooms.isPending || details.some((detail) => detail.isPending), failed, opening }
}
