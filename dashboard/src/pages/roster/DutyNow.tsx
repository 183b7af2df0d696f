import { UserOutlined, WarningFilled } from '@ant-design/icons'
import type { Shift } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../client/session.ts'
import { shortTimeText } from '../../i18n/format.ts'
import { useNowMs } from '../../ui/use-now.ts'
import { spanText } from './week.ts'

interface Props {
  shifts: readonly Shift[]
  onDutyNow: readonly { accountId: number; name: string; because: 'shift' | 'switch' }[]
}

/** Who would be told of an alarm this minute, and why; and when it is one's own turn. */
export function DutyNow({ shifts, onDutyNow }: Props) {
  const { t } = useTranslation('notices')
  const me = useMe()
  const nowMs = useNowMs()
  const own = shifts.filter(({ accountId, toMs }) => accountId === me.id && toMs > nowMs).sort((a, b) => a.fromMs - b.fromMs)
  const next = own.find(({ fromMs }) => fromMs > nowMs)
  const running = own.find(({ fromMs }) => fromMs <= nowMs)
  const endOf = (accountId: number) =>
    shifts.find((shift) => shift.accountId === accountId && shift.fromMs <= nowMs && shift.toMs > nowMs)?.toMs
  return (
    <section className={`panel duty-now ${onDutyNow.length === 0 ? 'duty-nobody' : ''}`} data-testid="duty-now">
      <div>
        <h2>{t('roster.now')}</h2>
        {onDutyNow.length === 0 ? (
          <b role="alert">
            <WarningFilled /> {t('roster.nobodyNow')}
          </b>
        ) : (
          <ul>
            {onDutyNow.map(({ accountId, name, because }) => {
              const endMs = because === 'shift' ? endOf(accountId) : undefined
              return (
                <li key={accountId}>
                  <UserOutlined /> <b>{name}</b> <span className="muted">{t(`roster.${because}`)}</span>{' '}
                  {endMs !== undefined && <span className="muted">{t('roster.until', { time: shortTimeText(endMs, nowMs) })}</span>}
                </li>
              )
            })}
          </ul>
        )}
      </div>
      <div>
        <h2>{t('roster.next')}</h2>
        {running && (
          <div>
            {t('roster.running')} {t('roster.until', { time: shortTimeText(running.toMs, nowMs) })}
          </div>
        )}
        {next ? <b>{spanText(next)}</b> : !running && <span className="muted">{t('roster.noNext')}</span>}
      </div>
    </section>
  )
}
