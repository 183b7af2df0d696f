import { DownloadOutlined } from '@ant-design/icons'
import type { HistoryMark } from '@roomkeeper/shared/http'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { api, historyCsvUrl, historyXlsxUrl, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { AlarmTimeline } from '../../features/alarms/AlarmTimeline.tsx'
import { marksInSight, TIME_MARK_KINDS, type TimeMark, type TimeRange } from '../../features/charts/time-marks.ts'
import { useWords } from '../../i18n/use-words.ts'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { QueryView } from '../../ui/states.tsx'
import { HistoryFigures } from './HistoryFigures.tsx'
import type { NamedPoint } from './HistoryPage.tsx'
import { HistoryTable } from './HistoryTable.tsx'
import { HistoryTools } from './HistoryTools.tsx'
import { comparisonOf, earlierRange, groupByUnit, type HistoryRange, patchedSearch, RANGES_MS, showableRange } from './history-range.ts'
import { UnitChart } from './UnitChart.tsx'

const BUCKETS = 600
export type NamedMark = HistoryMark & TimeMark
const NO_MARKS: readonly NamedMark[] = []

/** Tools, charts and numbers of the chosen points; what is shown is kept in the address, so its link is what one shares. */
export function HistoryResult({ points, range }: { points: readonly NamedPoint[]; range: HistoryRange }) {
  const { t, i18n } = useTranslation('history')
  const [search, setSearch] = useSearchParams()
  const words = useWords()
  const navigate = useNavigate()
  const zooms = zoomsOf(useLocation().state)
  const ids = points.map(({ point }) => point.id).join(',')
  const groups = useMemo(() => groupByUnit(points), [points])
  const compare = comparisonOf(search)
  const hideText = search.get('hide') ?? ''
  const hidden = useMemo(() => new Set(hideText.split(',').filter((kind) => TIME_MARK_KINDS.some((known) => known === kind))), [hideText])

  const query = useQuery({
    queryKey: [...queries.history.buckets.key(), 'page', ids, range.name, range.name === 'custom' ? [range.fromMs, range.toMs] : null],
    queryFn: async () => {
      const toMs = range.name === 'custom' ? range.toMs : Math.floor(serverClock.nowMs())
      const fromMs = range.name === 'custom' ? range.fromMs : toMs - RANGES_MS[range.name]
      return { fromMs, toMs, rows: await api.history.buckets({ pointIds: ids, fromMs, toMs, buckets: BUCKETS }) }
    },
    refetchInterval: range.name === 'custom' ? false : 60_000,
    // The chart stays, and keeps the focus, until the next range has come.
    placeholderData: keepPreviousData,
  })
  const shown = query.data && { fromMs: query.data.fromMs, toMs: query.data.toMs }
  const marks = useQuery({
    ...queries.history.marks.queryOptions({ input: { pointIds: ids, fromMs: shown?.fromMs ?? 0, toMs: shown?.toMs ?? 0 } }),
    enabled: shown !== undefined,
    placeholderData: keepPreviousData,
  })
  const limits = useQuery({
    ...queries.history.limits.queryOptions({ input: { pointIds: ids, fromMs: shown?.fromMs ?? 0, toMs: shown?.toMs ?? 0 } }),
    enabled: shown !== undefined,
    placeholderData: keepPreviousData,
  })
  const before = shown && compare !== 'none' ? earlierRange(shown, compare) : undefined
  const earlier = useQuery({
    ...queries.history.buckets.queryOptions({
      input: { pointIds: ids, fromMs: before?.fromMs ?? 0, toMs: before?.toMs ?? 0, buckets: BUCKETS },
    }),
    enabled: before !== undefined,
  })
  const earlierRows = earlier.data
  const shiftMs = before?.shiftMs
  // One and the same while nothing changes: a new one would draw the chart anew.
  const overlay = useMemo(
    () => (earlierRows && shiftMs !== undefined && compare !== 'none' ? { rows: earlierRows, shiftMs, compare } : undefined),
    [earlierRows, shiftMs, compare],
  )
  const found = marks.data?.marks
  const inSight = useMemo(
    () =>
      found && shown?.fromMs !== undefined
        ? marksInSight(
            found.map((mark) => ({ ...mark, key: `${mark.kind}-${mark.id}` })),
            { fromMs: shown.fromMs, toMs: shown.toMs },
            hidden,
          )
        : NO_MARKS,
    [found, shown?.fromMs, shown?.toMs, hidden],
  )

  const withPatch = (patch: Record<string, string | undefined>) => patchedSearch(search, patch)
  const absolute = ({ fromMs, toMs }: TimeRange) => withPatch({ range: undefined, from: String(fromMs), to: String(toMs) })
  const onRange = (fromMs: number, toMs: number) =>
    setSearch(absolute(showableRange({ fromMs, toMs }, serverClock.nowMs())), { state: { zooms: zooms + 1 } })
  const [openAlarm, setOpenAlarm] = useState<NamedMark | undefined>(undefined)
  const onMark = (mark: TimeMark) => {
    const named = mark as NamedMark
    // An alarm is looked at beside its curve; what has a page of its own is opened there.
    if (named.kind === 'alarm') setOpenAlarm(named)
    else void navigate(pageOf(named))
  }

  return (
    <QueryView query={query}>
      {({ fromMs, toMs, rows }) => (
        <>
          <HistoryTools
            range={range.name === 'custom' ? range : { fromMs, toMs }}
            onRange={onRange}
            {...(zooms > 0 ? { onZoomBack: () => void navigate(-1) } : {})}
            compare={compare}
            onCompare={(next) => setSearch(withPatch({ compare: next === 'none' ? undefined : next }), { replace: true, state: { zooms } })}
            hidden={hidden}
            onHidden={(kinds) => setSearch(withPatch({ hide: kinds.join(',') || undefined }), { replace: true, state: { zooms } })}
            link={absolute({ fromMs, toMs })}
            onLinkShown={() => setSearch(absolute({ fromMs, toMs }), { replace: true, state: { zooms } })}
          />
          <p className="muted history-note" role="status">
            {[
              t('chartKeys'),
              inSight.length > 0 && t('openMark'),
              marks.data?.more && t('moreMarks'),
              marks.isError && t('marksFailed'),
              limits.isError && t('limitsFailed'),
              limits.data?.some(({ changes }) => changes === null) && t('limitsTooOften'),
              before && earlier.isError && t('compareFailed'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {groups.map((group) => (
            <UnitChart
              key={group.unit}
              points={group.points}
              rows={rows}
              earlier={overlay}
              limits={limits.data}
              fromMs={fromMs}
              toMs={toMs}
              marks={inSight}
              onMark={onMark}
              onRange={onRange}
            />
          ))}
          <HistoryFigures points={points} rows={rows} fromMs={fromMs} toMs={toMs} />
          <section className="panel">
            <div className="panel-head">
              <h2>{t('table')}</h2>
              <Button
                className="panel-edit"
                size="small"
                icon={<DownloadOutlined />}
                href={historyXlsxUrl(
                  points.map(({ point }) => point.id),
                  fromMs,
                  toMs,
                  i18n.language,
                )}
                download
                data-testid="history-xlsx"
              >
                {t('excel')}
              </Button>
              <Button
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
                {t('csv')}
              </Button>
            </div>
            <HistoryTable points={points} rows={rows} />
          </section>
          {openAlarm && (
            <SidePanel
              title={words.of(openAlarm.title)}
              label={words.of(openAlarm.title)}
              onClose={() => setOpenAlarm(undefined)}
              takesFocus
            >
              <AlarmTimeline alarmId={openAlarm.id} />
            </SidePanel>
          )}
        </>
      )}
    </QueryView>
  )
}

/** How many zooms lie behind this entry of the browser's history; a link from elsewhere has none. */
function zoomsOf(state: unknown): number {
  if (typeof state !== 'object' || state === null) return 0
  const zooms: unknown = Reflect.get(state, 'zooms')
  return typeof zooms === 'number' ? zooms : 0
}

function pageOf({ kind, id, register, recordId }: NamedMark): string {
  return kind === 'incident' ? `/incidents/${id}` : `/registers/${register}/${recordId}`
}
