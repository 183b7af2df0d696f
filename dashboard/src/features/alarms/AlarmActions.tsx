import { DownOutlined, FileTextOutlined, MoreOutlined, UpOutlined } from '@ant-design/icons'
import type { Alarm } from '@roomkeeper/shared/http'
import { SHELVE_MAX_HOURS } from '@roomkeeper/shared/model'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMay } from '../../client/session.ts'
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx'
import { mayBeShelved, needsReset } from './alarm-advice.ts'
import { isUnacknowledged } from './alarm-order.ts'
import { EndHoldButton } from './EndHoldButton.tsx'
import { ExtendDialog, OutOfServiceDialog, type OutOfServiceTarget, ShelveDialog } from './HoldDialogs.tsx'
import { useAlarmWords } from './use-alarm-words.ts'

interface Props {
  alarm: Alarm
  isOpen: boolean
  onToggle: () => void
}

type Dialog = 'acknowledge' | 'shelve' | 'take-out' | 'extend'

/** What this person may do about an alarm as it is: the likely thing as a button, the rest behind a menu. */
export function AlarmActions({ alarm, isOpen, onToggle }: Props) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const alarmWords = useAlarmWords()
  const mayAcknowledge = useMay('alarms.acknowledge')
  const mayShelve = useMay('alarms.shelve')
  const mayMaintain = useMay('maintenance.write')
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const close = () => setDialog(null)
  const { hold } = alarm
  const targets = outOfServiceTargets(alarm, alarmWords.inRoom(alarm), alarmWords.device(alarm))
  const mayHold = hold?.kind === 'shelve' ? mayShelve : mayMaintain
  const items = [
    ...(mayShelve && mayBeShelved(alarm) && !alarm.drill ? [{ key: 'shelve' as const, label: t('action.shelve') }] : []),
    ...(hold && hold.holdId !== null && mayHold ? [{ key: 'extend' as const, label: t('action.extend') }] : []),
    ...(mayMaintain && alarm.state !== 'OOSRV' && !alarm.drill && targets.length > 0
      ? [{ key: 'take-out' as const, label: t('action.takeOut') }]
      : []),
  ]
  const incident = alarm.incidentId !== null && common('alarms.openIncident', { id: alarm.incidentId })
  return (
    <span className="form-actions alarm-actions">
      {mayAcknowledge && isUnacknowledged(alarm) && (
        <Button size="small" type="primary" data-testid={`acknowledge-${alarm.id}`} onClick={() => setDialog('acknowledge')}>
          {common(needsReset(alarm) ? 'alarms.reset' : 'alarms.acknowledge')}
        </Button>
      )}
      {hold && hold.kind !== 'maintenance' && hold.holdId !== null && mayHold && <EndHoldButton holdId={hold.holdId} kind={hold.kind} />}
      {hold?.kind === 'maintenance' && <Link to="/maintenance?tab=windows">{t('action.window')}</Link>}
      {incident && (
        <Link to={`/incidents/${alarm.incidentId}`} title={incident} aria-label={incident}>
          <FileTextOutlined /> {alarm.incidentId}
        </Link>
      )}
      {items.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{ items, onClick: ({ key }) => setDialog(items.find((item) => item.key === key)?.key ?? null) }}
        >
          <Button
            size="small"
            type="text"
            icon={<MoreOutlined />}
            aria-label={t('action.more')}
            title={t('action.more')}
            data-testid={`alarm-more-${alarm.id}`}
          />
        </Dropdown>
      )}
      <Button
        size="small"
        type="text"
        aria-expanded={isOpen}
        aria-label={t('list.timeline')}
        title={t('list.timeline')}
        icon={isOpen ? <UpOutlined /> : <DownOutlined />}
        onClick={onToggle}
      />
      {dialog === 'acknowledge' && <AcknowledgeDialog alarm={alarm} onClose={close} />}
      {dialog === 'shelve' && <ShelveDialog alarm={alarm} onClose={close} />}
      {dialog === 'take-out' && <OutOfServiceDialog targets={targets} onClose={close} />}
      {dialog === 'extend' && hold && hold.holdId !== null && hold.kind !== 'maintenance' && (
        <ExtendDialog
          hold={{
            holdId: hold.holdId,
            kind: hold.kind,
            label: alarmWords.place(alarm),
            maxHours: hold.kind === 'shelve' ? SHELVE_MAX_HOURS[alarm.priority] : undefined,
          }}
          onClose={close}
        />
      )}
    </span>
  )
}

/** The narrowest first: it is the one that keeps the most alarms alive. */
function outOfServiceTargets(alarm: Alarm, point: string, device: string): OutOfServiceTarget[] {
  return [
    ...(alarm.pointId !== null ? [{ scope: 'point' as const, scopeId: alarm.pointId, label: point }] : []),
    ...(alarm.deviceId !== null ? [{ scope: 'device' as const, scopeId: alarm.deviceId, label: device }] : []),
    ...(alarm.roomId !== null && alarm.roomName !== null ? [{ scope: 'room' as const, scopeId: alarm.roomId, label: alarm.roomName }] : []),
  ]
}
