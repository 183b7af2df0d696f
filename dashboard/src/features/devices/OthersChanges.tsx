import type { DeviceDetail } from '@roomkeeper/shared/http'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { othersChanges } from './device-edits.ts'

/** Someone else saved this device meanwhile: what they changed, before the own changes are saved on top of it. */
export function OthersChanges({ before, after, onAccept }: { before: DeviceDetail; after: DeviceDetail; onAccept: () => void }) {
  const { t } = useTranslation()
  const changes = othersChanges(before, after)
  return (
    <Alert
      type="warning"
      showIcon
      className="device-others"
      data-testid="device-conflict"
      title={t('devices.othersTitle', {
        name: after.changedBy ?? t('draft.someone'),
        time: after.changedAtMs === null ? '' : dateTimeText(after.changedAtMs),
      })}
      description={
        <>
          <ul>
            {changes.map(({ field, pointKey, before: was, after: is }) => (
              <li key={`${field} ${pointKey ?? ''}`}>
                {t(`devices.field.${field}`)}
                {pointKey && <span className="mono"> {pointKey}</span>}: {was} → <b>{is}</b>
              </li>
            ))}
          </ul>
          <p>{t('devices.othersNote')}</p>
          <Button size="small" data-testid="device-conflict-accept" onClick={onAccept}>
            {t('devices.othersAccept')}
          </Button>
        </>
      }
    />
  )
}
