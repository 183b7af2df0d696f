import { ExclamationCircleFilled, UserOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { serverClock } from '../../client/clock.ts'
import { shortTimeText } from '../../i18n/format.ts'
import './at-room-parts.css'

export interface Inside {
  recordId: number
  register: string
  number: string
  people: string
  escort: string | null
  sinceMs: number
  dueAtMs: number | null
  overdue: boolean
}

/** Who is inside a room now; who should have left stands first, in red. */
export function InsideList({ inside }: { inside: readonly Inside[] }) {
  const { t } = useTranslation('inspection')
  const timeOf = (ms: number) => shortTimeText(ms, serverClock.nowMs())
  if (inside.length === 0) return <p className="inside-none muted">{t('at.nobody')}</p>
  return (
    <ul className="inside-list">
      {[...inside]
        .sort((a, b) => Number(b.overdue) - Number(a.overdue) || a.sinceMs - b.sinceMs)
        .map((each) => (
          <li key={`${each.register}-${each.recordId}`} className={each.overdue ? 'inside-overdue' : ''} data-overdue={each.overdue}>
            <span>
              {each.overdue ? <ExclamationCircleFilled /> : <UserOutlined />} <b>{each.people}</b>
              {each.escort && <span className="muted"> {t('at.escort', { name: each.escort })}</span>}
            </span>
            <span className="muted">
              {t('at.since', { time: timeOf(each.sinceMs) })}
              {each.dueAtMs !== null && ` · ${each.overdue ? t('at.overstay') : t('at.until', { time: timeOf(each.dueAtMs) })}`}{' '}
              <Link to={`/registers/${each.register}/${each.recordId}`}>{each.number}</Link>
            </span>
          </li>
        ))}
    </ul>
  )
}
