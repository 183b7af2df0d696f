import type { RecordLink, WholeRecord } from '@roomkeeper/shared/http'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useWords } from '../../i18n/use-words.ts'
import { useRegisters } from './use-registers.ts'

/** Where a link leads. */
export function linkPath(link: Pick<RecordLink, 'target' | 'targetId' | 'register'>): string {
  if (link.target === 'incident') return `/incidents/${link.targetId}`
  if (link.target === 'alarm') return '/alarms'
  return `/registers/${link.register ?? ''}/${link.targetId}`
}

/** Records, incidents and alarms that belong to it, and a new record that follows from it. */
export function RecordLinks({ record }: { record: WholeRecord }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const navigate = useNavigate()
  const registers = useRegisters().data ?? []
  const wordOf = ({ register, state }: RecordLink) => {
    const found = registers.find(({ definition }) => definition.name === register)?.definition.states.find(({ name }) => name === state)
    return found ? words.of(found.label) : state
  }
  const makable = registers.filter(({ mayCreate }) => mayCreate)
  return (
    <section className="panel" aria-label={t('links.title')}>
      <div className="panel-head">
        <h2>{t('links.title')}</h2>
      </div>
      <div className="panel-body">
        {record.links.length === 0 && <p className="muted record-none">{t('links.none')}</p>}
        <ul className="record-links" data-testid="record-links">
          {record.links.map((link) => (
            <li key={`${link.kind}${link.target}${link.targetId}`}>
              <span className="muted">{t(`links.${link.kind}`)}</span>{' '}
              <Link to={linkPath(link)}>{[link.number, link.title].filter(Boolean).join(' ')}</Link>{' '}
              <span className="muted">{wordOf(link)}</span>
            </li>
          ))}
        </ul>
        {makable.length > 0 && (
          <Select
            className="no-print"
            style={{ width: '100%' }}
            value={null}
            placeholder={t('links.add')}
            aria-label={t('links.add')}
            data-testid="record-follow-up"
            options={makable.map(({ definition }) => ({ value: definition.name, label: words.of(definition.title) }))}
            onChange={(register: string | null) => {
              const room = record.roomId === null ? '' : `&room=${record.roomId}`
              void navigate(`/registers/${register ?? ''}/new?link=record:${record.id}${room}`)
            }}
          />
        )}
      </div>
    </section>
  )
}
