import { CheckCircleFilled, CheckOutlined, MutedOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useConnection } from '../../client/connection.ts'
import { useMay } from '../../client/session.ts'
import { byCause, foldLow, type RoomFold } from '../../features/alarms/alarm-groups.ts'
import { isUnacknowledged } from '../../features/alarms/alarm-order.ts'
import type { OpenAlarms as OpenAlarmList } from '../../features/alarms/use-open-alarms.ts'
import { useSilentAlarms } from '../../features/alarms/use-silent-alarms.ts'
import { Empty, Failure, Loading } from '../../ui/states.tsx'
import { AlarmTable } from './AlarmTable.tsx'
import { BulkAcknowledge } from './BulkAcknowledge.tsx'

interface Props {
  open: OpenAlarmList
  isFlood: boolean
  /** How many are silent; undefined until it is known. */
  silentCount: number | undefined
}

/** What wants attention now, most urgent first; consequences folded under their cause, in a flood low ones by room. */
export function OpenAlarms({ open, isFlood, silentCount }: Props) {
  const { alarms, isLoaded, error } = open
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const isLost = useConnection().phase === 'lost'
  const mayAcknowledge = useMay('alarms.acknowledge')
  const [isBulkOpen, setIsBulkOpen] = useState(false)
  const silent = useSilentAlarms({ enabled: alarms.some(({ suppresses }) => (suppresses?.alarms ?? 0) > 0) }).data
  const consequences = useMemo(() => new Map(byCause(silent ?? []).map((group) => [group.cause.alarmId, group.alarms])), [silent])
  const { shown, folds } = useMemo(() => (isFlood ? foldLow(alarms) : { shown: alarms, folds: [] }), [alarms, isFlood])
  const waiting = alarms.filter(isUnacknowledged)

  if (!isLoaded) return error ? <Failure error={error} onRetry={open.retry} /> : <Loading />
  if (alarms.length === 0)
    // An empty list read before the line broke says nothing about now.
    return isLost ? (
      <Empty>{t('list.unknown')}</Empty>
    ) : (
      // All quiet is green only when nothing was made quiet.
      <Empty icon={silentCount ? <MutedOutlined /> : <CheckCircleFilled style={{ color: 'var(--ok)' }} />}>
        {t('list.none')}
        {silentCount ? (
          <Link to="/alarms?scope=silent" data-testid="silent-behind">
            {t('list.silentBehind', { count: silentCount })}
          </Link>
        ) : null}
      </Empty>
    )
  return (
    <>
      {mayAcknowledge && waiting.length > 1 && (
        <div className="alarm-tools">
          <Button size="small" icon={<CheckOutlined />} data-testid="bulk-open" onClick={() => setIsBulkOpen(true)}>
            {t('bulk.open')}
          </Button>
        </div>
      )}
      <AlarmTable alarms={shown} caption={common('nav.alarms')} consequences={consequences} />
      {folds.map((fold) => (
        <LowFold key={fold.roomId ?? 0} fold={fold} />
      ))}
      {isBulkOpen && <BulkAcknowledge alarms={waiting} onClose={() => setIsBulkOpen(false)} />}
    </>
  )
}

function LowFold({ fold }: { fold: RoomFold }) {
  const { t } = useTranslation('life')
  const [isOpen, setIsOpen] = useState(false)
  const title = t('flood.fold', { room: fold.roomName ?? '—', count: fold.alarms.length })
  return (
    <div className="low-fold">
      <button
        type="button"
        className="link-button"
        aria-expanded={isOpen}
        data-testid={`low-fold-${fold.roomId ?? 0}`}
        onClick={() => setIsOpen(!isOpen)}
      >
        {isOpen ? '▾' : '▸'} {title}
      </button>
      {isOpen && <AlarmTable alarms={fold.alarms} caption={title} />}
    </div>
  )
}
