import type { Alarm } from '@roomkeeper/shared/http'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { byCause, type CauseGroup } from '../../features/alarms/alarm-groups.ts'
import { useAlarmWords } from '../../features/alarms/use-alarm-words.ts'
import { useOpenAlarms } from '../../features/alarms/use-open-alarms.ts'
import { useSilentAlarms } from '../../features/alarms/use-silent-alarms.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Empty, QueryView } from '../../ui/states.tsx'
import { AlarmTable } from './AlarmTable.tsx'

/** What is silent now and why: put aside by a person, out of service, or a consequence of another alarm. */
export function SilentAlarms() {
  const { t } = useTranslation('life')
  const query = useSilentAlarms()
  return (
    <QueryView query={query}>
      {(alarms) => {
        const shelved = alarms.filter(({ state }) => state === 'SHLVD').sort(byEnd)
        const outOfService = alarms.filter(({ state }) => state === 'OOSRV').sort(byEnd)
        const suppressed = alarms.filter(({ state }) => state === 'DSUPR')
        const orphans = suppressed.filter(({ cause }) => cause === null)
        if (alarms.length === 0) return <Empty>{t('list.noneSilent')}</Empty>
        return (
          <>
            <Section title={t('list.shelved')} note={t('list.shelvedNote')} alarms={shelved} />
            {suppressed.length > 0 && (
              <SectionFrame title={t('list.suppressed')} note={t('list.suppressedNote')} count={suppressed.length}>
                {byCause(suppressed).map((group) => (
                  <CauseFold key={group.cause.alarmId} group={group} />
                ))}
                {orphans.length > 0 && <AlarmTable alarms={orphans} caption={t('list.suppressed')} />}
              </SectionFrame>
            )}
            <Section title={t('list.outOfService')} note={t('list.outOfServiceNote')} alarms={outOfService} />
          </>
        )
      }}
    </QueryView>
  )
}

/** Whatever comes back first is on top; what has no end is last. */
function byEnd(a: Alarm, b: Alarm): number {
  return (a.hold?.untilMs ?? Number.MAX_SAFE_INTEGER) - (b.hold?.untilMs ?? Number.MAX_SAFE_INTEGER) || b.raisedAtMs - a.raisedAtMs
}

function Section({ title, note, alarms }: { title: string; note: string; alarms: readonly Alarm[] }) {
  if (alarms.length === 0) return null
  return (
    <SectionFrame title={title} note={note} count={alarms.length}>
      <AlarmTable alarms={alarms} caption={title} />
    </SectionFrame>
  )
}

function SectionFrame({ title, note, count, children }: { title: string; note: string; count: number; children: ReactNode }) {
  return (
    <section className="silent-section">
      <div className="panel-head">
        <h2>
          {title} {count}
        </h2>
        <span className="muted">{note}</span>
      </div>
      {children}
    </section>
  )
}

function CauseFold({ group: { cause, alarms } }: { group: CauseGroup }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const alarmWords = useAlarmWords()
  const [isOpen, setIsOpen] = useState(false)
  const standing = useOpenAlarms().alarms.find(({ id }) => id === cause.alarmId)
  const what = standing ? alarmWords.value(standing) || words.condition(standing.condition) : words.condition(cause.condition)
  const title = t('list.causedBy', { cause: `${words.deviceOf(cause)} ${what}`.trim(), count: alarms.length })
  return (
    <div className="low-fold">
      <button
        type="button"
        className="link-button"
        aria-expanded={isOpen}
        data-testid={`cause-${cause.alarmId}`}
        onClick={() => setIsOpen(!isOpen)}
      >
        {isOpen ? '▾' : '▸'} {title}
      </button>
      {isOpen && <AlarmTable alarms={alarms} caption={title} />}
    </div>
  )
}
