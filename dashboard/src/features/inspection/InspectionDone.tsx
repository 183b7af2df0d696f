import { CheckCircleFilled } from '@ant-design/icons'
import type { WholeRecord } from '@roomkeeper/shared/http'
import type { InspectionSheet } from '@roomkeeper/shared/registers'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { checklistOf } from '../registers/checklist.ts'
import { minutesAndSeconds } from './check-flow.ts'
import './inspection.css'

/** It is at the server and signed: what it took, what came of it, when the next one is due. */
export function InspectionDone({ record, activeMs }: { record: WholeRecord; activeMs: number | null }) {
  const { t } = useTranslation('inspection')
  const maySchedules = useMay('schedules.read')
  const schedules = useQuery({ ...queries.schedules.list.queryOptions(), enabled: maySchedules })
  const next = schedules.data?.find((each) => each.register === record.register && each.roomId === record.roomId)
  const abnormal = Object.values(checklistOf(record.fields.checklist)).filter(({ result }) => result === 'abnormal').length
  const { followUps = [] } = record.sheet as Partial<InspectionSheet>
  const took = activeMs === null || activeMs < 1000 ? null : minutesAndSeconds(activeMs)
  return (
    <section className="panel inspection-done" data-testid="inspection-done">
      <CheckCircleFilled className="inspection-done-sign" />
      <h2>{t('done.title')}</h2>
      <p>
        {record.roomName} · {t('done.number', { number: record.number })}
      </p>
      {took && <p className="inspection-took">{t('done.took', took)}</p>}
      <p>
        {abnormal > 0 ? (
          <span className="mark mark-high">{t('done.abnormal', { count: abnormal })}</span>
        ) : (
          <span className="mark mark-ok">{t('done.allNormal')}</span>
        )}
      </p>
      {followUps.length > 0 && (
        <div>
          <span className="muted">{t('done.followUps')}</span>
          <ul className="inspection-follow-ups">
            {followUps.map((each) => (
              <li key={`${each.kind}-${each.targetId}`}>
                <Link to={each.kind === 'incident' ? `/incidents/${each.targetId}` : `/registers/work-order/${each.targetId}`}>
                  {t(`check.followUps.${each.kind}`)} {each.number}
                </Link>
                {!each.opened && <span className="muted"> {t('done.joined')}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
      {next && <p>{t('done.next', { time: dateTimeText(next.dueAtMs).slice(0, 16) })}</p>}
      <p className="form-actions">
        <Link to={`/registers/inspection/${record.id}`}>{t('done.record')}</Link>
        <Link to="/inspections">{t('done.back')}</Link>
      </p>
    </section>
  )
}
