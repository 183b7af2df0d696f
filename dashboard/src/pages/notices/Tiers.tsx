import type { EscalationPolicy } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import type { Tier } from './escalation-tiers.ts'

/** The escalation as a line of time that reads as a sentence: who is told after how long, and what is repeated. */
export function Tiers({ policy: { minPriority, tiers, repeatMinutes } }: { policy: EscalationPolicy }) {
  const { t } = useTranslation('notices')
  const words = useWords()
  const first = tiers[0]
  return (
    <div data-testid="tiers">
      <b>{t('escalation.from', { priority: words.priority(minPriority) })}</b>
      <ol className="tiers">
        {tiers.map((tier, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the tiers are their order
          <li key={index}>
            <span className="tier-time">
              {tier.afterMinutes === 0 ? t('escalation.atOnce') : t('escalation.at', { minutes: tier.afterMinutes })}
            </span>
            <span className="tier-who">
              <TierWho who={tier.who} />
            </span>
          </li>
        ))}
        <li className="tier-repeat">
          <span className="tier-time">↻</span>
          <span className="tier-who">{t('escalation.repeat', { minutes: repeatMinutes })}</span>
        </li>
      </ol>
      {first && first.afterMinutes > 0 && <p className="tier-empty">{t('escalation.lateFirst', { minutes: first.afterMinutes })}</p>}
      {tiers.every(({ who }) => who.kind === 'on-duty') && <p className="tier-empty">{t('escalation.loneNight')}</p>}
    </div>
  )
}

function TierWho({ who }: { who: Tier['who'] }) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const people = useQuery(queries.notices.people.queryOptions()).data
  const onDuty = useQuery(queries.notices.shifts.queryOptions({ input: DUTY_NOW })).data?.onDutyNow
  const listed = (names: readonly string[]) => names.join(common('common.listComma'))
  if (who.kind === 'on-duty')
    return (
      <>
        <b>{t('escalation.onDuty')}</b>
        {onDuty &&
          (onDuty.length === 0 ? (
            <div className="tier-empty">{t('escalation.nobodyOnDuty')}</div>
          ) : (
            <div className="muted">{t('escalation.onDutyNow', { names: listed(onDuty.map(({ name }) => name)) })}</div>
          ))}
      </>
    )
  if (who.kind === 'accounts') {
    const names = who.accountIds.map((id) => people?.find(({ accountId }) => accountId === id)?.name ?? `#${id}`)
    return <b>{listed(names)}</b>
  }
  const holders = people?.filter(({ roles }) => roles.some((role) => who.roles.includes(role)))
  return (
    <>
      <b>{listed(who.roles.map(words.role))}</b>
      {holders &&
        (holders.length === 0 ? (
          <div className="tier-empty">{t('escalation.nobodyHas')}</div>
        ) : (
          <div className="muted">{listed(holders.map(({ name }) => name))}</div>
        ))}
    </>
  )
}

/** An empty stretch: only who is on duty now is wanted. */
const DUTY_NOW = { fromMs: 0, toMs: 1 }
