import { EditOutlined } from '@ant-design/icons'
import type { Device, Point } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useMay } from '../../client/session.ts'
import { ChangeList } from '../../features/charts/ChangeList.tsx'
import { maxGapMs } from '../../features/charts/chart-data.ts'
import { TrendChart } from '../../features/charts/TrendChart.tsx'
import { CalibrationMark } from '../../features/devices/CalibrationMark.tsx'
import { ForecastNote } from '../../features/limits/ForecastNote.tsx'
import { LimitsLazily } from '../../features/limits/limits-panel-lazily.tsx'
import type { Forecast } from '../../features/limits/use-forecasts.ts'
import { useLimitLines } from '../../features/limits/use-limit-lines.ts'
import { Age } from '../../features/live/Age.tsx'
import { PointState, PointValue } from '../../features/live/PointValue.tsx'
import { usePointLook } from '../../features/live/use-point-look.ts'
import { decimalsOf, isNumeric } from '../../features/live/value-text.ts'
import { useWords } from '../../i18n/use-words.ts'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { QueryView } from '../../ui/states.tsx'

const HOUR_MS = 3_600_000
const RANGES = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS, '30d': 30 * 24 * HOUR_MS } as const
type RangeName = keyof typeof RANGES
const RANGE_NAMES = Object.keys(RANGES) as RangeName[]

interface Props {
  point: Point
  device: Device
  forecast: Forecast | undefined
  onOpenDevice: (deviceId: number, pointId: number) => void
  onClose: () => void
}

/** One point: its value now, its trend with the limits, where the limits come from, and what it is. */
export function PointDrawer({ point, device, forecast, onOpenDevice, onClose }: Props) {
  const { t } = useTranslation()
  const words = useWords()
  const look = usePointLook(point)
  const [range, setRange] = useState<RangeName>('1h')
  return (
    <SidePanel takesFocus onClose={onClose} title={`${words.point(point)} — ${words.device(device)}`} label={words.point(point)}>
      <div className="point-now">
        <PointValue point={point} look={look} /> <PointState point={point} look={look} /> <Age point={point} />
        <ForecastNote point={point} forecast={forecast} />
      </div>
      <div className="point-range">
        <Segmented
          size="small"
          value={range}
          options={RANGE_NAMES.map((value) => ({ value, label: t(`range.${value}`) }))}
          onChange={setRange}
        />
        <Link to={`/history?points=${point.id}&range=24h`}>{t('room.openHistory')}</Link>
      </div>
      {isNumeric(point.kind) ? <PointTrend point={point} rangeMs={RANGES[range]} /> : <ChangeList point={point} rangeMs={RANGES[range]} />}
      <LimitsLazily point={point} />
      <AboutPoint point={point} device={device} onOpenDevice={onOpenDevice} />
    </SidePanel>
  )
}

function PointTrend({ point, rangeMs }: { point: Point; rangeMs: number }) {
  const { t } = useTranslation()
  const words = useWords()
  const limits = useLimitLines(point)
  const query = useQuery({
    queryKey: [...queries.history.buckets.key(), 'trend', point.id, rangeMs],
    queryFn: async () => {
      const toMs = Math.floor(serverClock.nowMs())
      const fromMs = toMs - rangeMs
      const [row] = await api.history.buckets({ pointIds: String(point.id), fromMs, toMs, buckets: 600 })
      return { fromMs, toMs, bucketMs: row?.bucketMs ?? rangeMs / 600, buckets: row?.buckets ?? [] }
    },
    refetchInterval: rangeMs <= HOUR_MS ? 10_000 : 60_000,
  })
  const label = words.point(point)
  const curves = useMemo(
    () => (query.data ? [{ label, buckets: query.data.buckets, maxGapMs: maxGapMs(query.data.bucketMs, point.intervalMs) }] : []),
    [query.data, label, point.intervalMs],
  )
  return (
    <QueryView query={query}>
      {({ fromMs, toMs, buckets }) => (
        <>
          <TrendChart
            curves={curves}
            limits={limits}
            unit={unitSymbol(point.unit)}
            decimals={decimalsOf(point.kind)}
            fromMs={fromMs}
            toMs={toMs}
            label={t('room.trendOf', { point: label })}
          />
          {buckets.some(({ bad }) => bad > 0) && (
            <p className="muted">{t('history.badCount', { count: buckets.reduce((sum, { bad }) => sum + bad, 0) })}</p>
          )}
        </>
      )}
    </QueryView>
  )
}

function AboutPoint({ point, device, onOpenDevice }: { point: Point; device: Device; onOpenDevice: Props['onOpenDevice'] }) {
  const { t } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('rooms.write')
  const rangeText =
    point.low === null && point.high === null ? '—' : `${point.low ?? '−∞'} … ${point.high ?? '+∞'} ${unitSymbol(point.unit)}`
  return (
    <section className="panel point-names">
      <div className="panel-head">
        <h2>{t('room.aboutPoint')}</h2>
        {mayWrite && (
          <Button
            className="panel-edit"
            size="small"
            icon={<EditOutlined />}
            data-testid="point-edit"
            onClick={() => onOpenDevice(device.id, point.id)}
          >
            {t('devices.nameOrCalibrate')}
          </Button>
        )}
      </div>
      <div className="panel-body">
        <dl className="facts">
          <dt>{t('room.kind')}</dt>
          <dd>{words.kind(point.kind)}</dd>
          <dt>{t('room.key')}</dt>
          <dd className="mono">
            {device.path}/{point.key}
          </dd>
          <dt>{t('room.interval')}</dt>
          <dd>{t('span.seconds', { count: Math.round(point.intervalMs / 100) / 10 })}</dd>
          <dt>{t('room.trueRange')}</dt>
          <dd>{rangeText}</dd>
          <dt>{t('devices.calibration')}</dt>
          <dd>{point.calibration ? <CalibrationMark point={point} /> : t('devices.notCalibrated')}</dd>
        </dl>
      </div>
    </section>
  )
}
