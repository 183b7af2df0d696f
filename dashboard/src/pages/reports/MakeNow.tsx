import { FileExcelOutlined, FilePdfOutlined } from '@ant-design/icons'
import { REPORT_KINDS, type ReportKind } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, DatePicker, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverClock } from '../../client/clock.ts'
import { downloadFile } from '../../client/pack-download.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { lastWholePeriod, periodWith, reportUrl } from './report-period.ts'

const PICKERS = { daily: 'date', weekly: 'date', monthly: 'month', yearly: 'year' } as const
type Outcome = { kind: 'saved' } | { kind: 'failed'; error: unknown }

/** One report at once: what, of which period, of which room. */
export function MakeNow() {
  const { t } = useTranslation('reports')
  const words = useWords()
  const rooms = useQuery(roomsQuery())
  const [kind, setKind] = useState<ReportKind>('monthly')
  const [day, setDay] = useState(() => lastWholePeriod('monthly', serverClock.nowMs()))
  const [roomId, setRoomId] = useState<number | null>(null)
  const [startedMs, setStartedMs] = useState<number>()
  const [outcome, setOutcome] = useState<Outcome>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const period = periodWith(kind, day, serverClock.nowMs())

  const start = (format: 'pdf' | 'xlsx'): void => {
    const controller = new AbortController()
    running.current = controller
    setStartedMs(serverClock.nowMs())
    setOutcome(undefined)
    const language = words.language.startsWith('zh') ? 'zh' : 'en'
    downloadFile(reportUrl(format, { kind, period: period.text, roomId, language }), controller.signal)
      .then(
        () => setOutcome({ kind: 'saved' }),
        (error: unknown) => {
          if (!controller.signal.aborted) setOutcome({ kind: 'failed', error })
        },
      )
      .finally(() => setStartedMs(undefined))
  }
  const isBusy = startedMs !== undefined
  return (
    <section className="panel" data-testid="report-now">
      <div className="panel-head">
        <h2>{t('now.title')}</h2>
      </div>
      <div className="panel-body report-now">
        <div className="report-row">
          <Field label={t('now.kind')}>
            <Segmented
              value={kind}
              options={REPORT_KINDS.map((value) => ({ value, label: <span data-testid={`report-${value}`}>{t(`kind.${value}`)}</span> }))}
              onChange={(next) => {
                setKind(next)
                setDay(lastWholePeriod(next, serverClock.nowMs()))
                setOutcome(undefined)
              }}
            />
          </Field>
          <Field label={t(`now.period.${kind}`)}>
            <DatePicker
              value={day}
              picker={PICKERS[kind]}
              allowClear={false}
              maxDate={dayjs(serverClock.nowMs())}
              data-testid="report-period"
              onChange={(next) => next && setDay(next)}
            />
          </Field>
          <Field label={t('room')}>
            <Select
              value={roomId ?? 0}
              data-testid="report-room"
              options={[{ value: 0, label: t('everyRoom') }, ...(rooms.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
              onChange={(next) => setRoomId(next === 0 ? null : next)}
            />
          </Field>
        </div>
        <p className="muted report-means" data-testid="report-means">
          {t('now.means', { period: period.text, first: period.first, last: period.last })}
          {period.isUnfinished && ` · ${t('now.unfinished')}`}
        </p>
        <div className="report-row">
          <Button type="primary" icon={<FilePdfOutlined />} disabled={isBusy} data-testid="report-pdf" onClick={() => start('pdf')}>
            {t('now.pdf')}
          </Button>
          <Button icon={<FileExcelOutlined />} disabled={isBusy} data-testid="report-xlsx" onClick={() => start('xlsx')}>
            {t('now.excel')}
          </Button>
        </div>
        {startedMs !== undefined && <Making sinceMs={startedMs} onCancel={() => running.current?.abort()} />}
        {outcome?.kind === 'saved' && <Alert type="success" showIcon title={t('now.saved')} data-testid="report-saved" />}
        {outcome?.kind === 'failed' && (
          <Alert type="error" showIcon role="alert" title={t('now.failed', { reason: words.error(outcome.error) })} />
        )}
      </div>
    </section>
  )
}

function Making({ sinceMs, onCancel }: { sinceMs: number; onCancel: () => void }) {
  const { t } = useTranslation('reports')
  const nowMs = useNowMs()
  return (
    <div className="report-making" role="status">
      <span className="spinner" aria-hidden="true" />
      {t('now.making', { count: Math.max(0, Math.round((nowMs - sinceMs) / 1000)) })}
      <Button size="small" onClick={onCancel}>
        {t('now.cancel')}
      </Button>
    </div>
  )
}
