import { useQuery } from '@tanstack/react-query'
import { DatePicker, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { Field } from '../../ui/Field.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import { PackDownload } from './PackDownload.tsx'
import { PackChain, PackClauses, PackFigures, PackGaps } from './PackOverview.tsx'
import { type Days, daysOf, momentsOf, PERIODS, type PeriodName } from './pack-period.ts'
import './pack.css'

/** Choose a period, see what there is and what is missing, take it along. */
export function PackPage() {
  const { t } = useTranslation('pack')
  const { t: common } = useTranslation()
  const [name, setName] = useState<PeriodName>('year')
  const [days, setDays] = useState<Days>(() => daysOf('year', Date.now()))
  const [roomId, setRoomId] = useState<number>()
  const { fromMs, toMs } = momentsOf(days)
  const rooms = useQuery(roomsQuery())
  const overview = useQuery(queries.pack.overview.queryOptions({ input: { fromMs, toMs, ...(roomId === undefined ? {} : { roomId }) } }))
  const choose = (next: PeriodName): void => {
    setName(next)
    if (next !== 'own') setDays(daysOf(next, Date.now()))
  }
  return (
    <div className="pack-page">
      <PageHead title={common('nav.pack')} note={t('note')} />
      <section className="panel pack-panel pack-choice">
        <Segmented
          value={name}
          aria-label={t('period.title')}
          options={PERIODS.map((value) => ({ value, label: <span data-testid={`pack-${value}`}>{t(`period.${value}`)}</span> }))}
          onChange={choose}
        />
        <div className="pack-row">
          <Field label={t('period.title')}>
            <DatePicker.RangePicker
              value={[days[0], days[1]]}
              allowClear={false}
              onChange={(chosen) => {
                const [first, last] = chosen ?? []
                if (!first || !last) return
                setName('own')
                setDays([first, last])
              }}
            />
          </Field>
          <Field label={t('room')}>
            <Select
              value={roomId ?? 0}
              data-testid="pack-room"
              options={[{ value: 0, label: t('everyRoom') }, ...(rooms.data ?? []).map(({ id, name: label }) => ({ value: id, label }))]}
              onChange={(value) => setRoomId(value === 0 ? undefined : value)}
            />
          </Field>
        </div>
        <PackDownload fromMs={fromMs} toMs={toMs} roomId={roomId} />
      </section>
      <QueryView query={overview}>
        {(data) => (
          <>
            <PackFigures {...data} />
            <PackGaps gaps={data.gaps} />
            <PackClauses clauses={data.clauses} />
            <PackChain chainHead={data.chainHead} />
          </>
        )}
      </QueryView>
    </div>
  )
}
