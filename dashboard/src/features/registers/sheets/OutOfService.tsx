import { ToolOutlined } from '@ant-design/icons'
import type { ChangeSheet } from '@roomkeeper/shared/registers'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../../client/api.ts'
import { useMay } from '../../../client/session.ts'
import { Time } from '../../../ui/Time.tsx'
import type { SheetProps } from './RecordSheet.tsx'

/** Whether the alarms of the record's device are out of service: will be, are, or were; and where it is ended. */
export function OutOfService({ definition, record, device }: SheetProps & { device: string }) {
  const { t } = useTranslation('registers')
  const { holdId } = record.sheet as ChangeSheet
  const enabled = useMay('alarms.read') && holdId !== undefined
  const open = useQuery({ ...queries.life.holds.queryOptions({ input: { scope: 'open' } }), enabled }).data
  const ended = useQuery({ ...queries.life.holds.queryOptions({ input: { scope: 'ended' } }), enabled }).data
  const now = open?.find(({ id }) => id === holdId)
  const past = ended?.find(({ id }) => id === holdId)
  const testId = 'work-silence'
  if (now)
    return (
      <span data-testid={testId} data-state="now">
        <span className="mark mark-medium">
          <ToolOutlined /> {t('work.out')}
        </span>{' '}
        <b>{device}</b> <Time ms={now.fromMs} /> – {now.untilMs === null ? t('work.untilEnded') : <Time ms={now.untilMs} />}{' '}
        <Link to="/maintenance">{t('work.toMaintenance')}</Link>
        <span className="muted sheet-note">{t('work.outNote')}</span>
      </span>
    )
  if (past)
    return (
      <span data-testid={testId} data-state="past">
        {t('work.wasOut')} <b>{device}</b> <Time ms={past.fromMs} /> – <Time ms={past.endedAtMs ?? past.untilMs} />{' '}
        <Link to="/maintenance?tab=ended">{t('work.toEnded')}</Link>
      </span>
    )
  // Long ago, or seen by somebody who may not look at alarms.
  if (holdId !== undefined)
    return (
      <span data-testid={testId} data-state="known">
        {t('work.wasOut')} <b>{device}</b>
      </span>
    )
  const { fromField, untilField, states = [] } = definition.shelves ?? {}
  const [from, until] = [record.fields[fromField ?? ''], record.fields[untilField ?? '']]
  if (!states.includes(record.state) || typeof from !== 'number' || typeof until !== 'number')
    return <span data-testid={testId}>{t('work.neverOut')}</span>
  return (
    <span data-testid={testId} data-state="planned">
      {t('work.willBeOut')} <b>{device}</b> <Time ms={from} /> – <Time ms={until} />
    </span>
  )
}
