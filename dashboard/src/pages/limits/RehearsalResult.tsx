import type { Rehearsal } from '@roomkeeper/shared/http'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useLimitWords } from '../../features/limits/limit-words.ts'
import { verdictOf } from '../../features/limits/rehearsal-verdict.ts'
import { valueText } from '../../features/live/value-text.ts'
import { nameIn } from '../../i18n/bilingual.ts'
import { dateText, dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { DayBars } from './DayBars.tsx'

type RehearsedAlarm = Rehearsal['gained']['newest'][number]

const VERDICT_TYPES = { silent: 'warning', noisy: 'warning', more: 'info', fewer: 'success', same: 'success' } as const

/** What the draft would have done, against what is in force: first the verdict, then figures, days and the alarms themselves. */
export function RehearsalResult({ result, kind, unit }: { result: Rehearsal; kind: string; unit: string }) {
  const { t } = useTranslation('limits')
  const { now, draft, gained, lost, byDay } = result
  const verdict = verdictOf(result)
  if (result.readings === 0) return <Alert type="warning" showIcon title={t('rehearsal.noReadings')} />
  return (
    <div data-testid="rehearsal-result">
      <Alert
        type={VERDICT_TYPES[verdict]}
        showIcon
        title={t(`rehearsal.verdict.${verdict}`, { now: now.alarms, draft: draft.alarms, gained: gained.count, lost: lost.count })}
      />
      {now.alarms + draft.alarms > 0 && (
        <>
          <Figures now={now} draft={draft} kind={kind} unit={unit} />
          {byDay.length > 1 && <DayBars byDay={byDay} />}
        </>
      )}
      <Alarms title={t('rehearsal.gained', { count: gained.count })} alarms={gained} unit={unit} kind={kind} />
      <Alarms title={t('rehearsal.lost', { count: lost.count })} alarms={lost} unit={unit} kind={kind} />
      <p className="muted rehearsal-covers">
        {t('rehearsal.covers', {
          from: dateText(result.fromMs),
          to: dateText(result.toMs),
          points: result.points,
          readings: result.readings.toLocaleString(),
        })}{' '}
        {result.pointsLeftOut > 0 && <b>{t('rehearsal.leftOut', { count: result.pointsLeftOut })} </b>}
        {t('rehearsal.nothingSaved')}
      </p>
    </div>
  )
}

function Figures({ now, draft, kind, unit }: { now: Rehearsal['now']; draft: Rehearsal['draft']; kind: string; unit: string }) {
  const { t } = useTranslation('limits')
  const { span } = useLimitWords(kind, unit)
  const whole = (ms: number) =>
    span(
      ms < 60_000
        ? Math.round(ms / 1000) * 1000
        : ms < 7_200_000
          ? Math.round(ms / 60_000) * 60_000
          : Math.round(ms / 3_600_000) * 3_600_000,
    )
  const rows = [
    { name: 'alarms', before: now.alarms, after: draft.alarms, text: String },
    { name: 'perDay', before: now.perDay, after: draft.perDay, text: (value: number) => String(Math.round(value * 100) / 100) },
    { name: 'chatter', before: now.chatter, after: draft.chatter, text: String },
    { name: 'floods', before: now.floods, after: draft.floods, text: String },
    { name: 'standing', before: now.standingMs, after: draft.standingMs, text: (ms: number) => (ms === 0 ? '0' : whole(ms)) },
  ] as const
  return (
    <table className="rehearsal-figures">
      <thead>
        <tr>
          <th />
          <th scope="col">{t('rehearsal.now')}</th>
          <th scope="col">{t('rehearsal.draft')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, before, after, text }) => (
          <tr key={name}>
            <th scope="row" title={t(`rehearsal.explained.${name}`)}>
              {t(`rehearsal.figure.${name}`)}
            </th>
            <td>{text(before)}</td>
            <td className={after > before ? 'figure-worse' : after < before ? 'figure-better' : ''}>
              {text(after)} {after > before ? '▲' : after < before ? '▼' : ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Alarms({ title, alarms, kind, unit }: { title: string; alarms: Rehearsal['gained']; kind: string; unit: string }) {
  const { t } = useTranslation('limits')
  const { t: common, i18n } = useTranslation()
  const words = useWords()
  const columns: Column<RehearsedAlarm>[] = [
    {
      key: 'raised',
      title: t('rehearsal.raisedAt'),
      render: ({ pointId, raisedAtMs, clearedAtMs }) => (
        <Link to={historyAround(pointId, raisedAtMs, clearedAtMs)}>{dateTimeText(raisedAtMs)}</Link>
      ),
    },
    {
      key: 'point',
      title: t('rehearsal.point'),
      render: (alarm) => nameIn({ name: alarm.pointName, nameEn: alarm.pointNameEn }, words.language),
    },
    {
      key: 'what',
      title: t('condition'),
      render: ({ condition, value }) => {
        const shown = valueText(kind, unit, value, common, i18n.language)
        return `${words.condition(condition)} ${value === null ? '' : `${shown.text} ${shown.unit}`}`
      },
    },
    { key: 'priority', title: t('priority'), render: ({ priority }) => <PriorityMark priority={priority} /> },
  ]
  if (alarms.count === 0) return null
  return (
    <details className="rehearsal-alarms" open={alarms.count <= 5}>
      <summary>{title}</summary>
      <DataTable
        rows={alarms.newest}
        columns={columns}
        rowKey={({ pointId, condition, raisedAtMs }) => `${pointId}-${condition}-${raisedAtMs}`}
        caption={title}
      />
      {alarms.newest.length < alarms.count && <p className="muted">{t('rehearsal.newest', { count: alarms.newest.length })}</p>}
    </details>
  )
}

const AROUND_MS = 2 * 3_600_000

/** The history page at that time, some hours around the alarm. */
function historyAround(pointId: number, raisedAtMs: number, clearedAtMs: number | null): string {
  const toMs = Math.min((clearedAtMs ?? raisedAtMs) + AROUND_MS, raisedAtMs + 12 * AROUND_MS)
  return `/history?points=${pointId}&from=${raisedAtMs - AROUND_MS}&to=${toMs}`
}
