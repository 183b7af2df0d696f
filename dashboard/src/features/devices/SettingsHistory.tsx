import type { DeviceDetail, SettingsChange } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { signed } from './device-edits.ts'

/** Every calibration and interval ever set on the device: by whom, when, against which instrument. */
export function SettingsHistory({ detail }: { detail: DeviceDetail }) {
  const { t } = useTranslation()
  const columns: Column<SettingsChange>[] = [
    { key: 'at', title: t('devices.at'), render: ({ atMs }) => <span className="nowrap">{dateTimeText(atMs)}</span> },
    { key: 'by', title: t('devices.by'), render: ({ by }) => by },
    {
      key: 'what',
      title: t('devices.what'),
      render: ({ change, pointKey, value }) => (
        <span>
          {t(`devices.change.${change}`)} {pointKey && <span className="mono">{pointKey}</span>}{' '}
          {change === 'interval' && <b>{value === null ? t('devices.agentsOwn') : `${value / 1000} s`}</b>}
          {change === 'calibration' && value !== null && <b>{signed(value)}</b>}
        </span>
      ),
    },
    { key: 'reference', title: t('devices.reference'), render: ({ reference }) => reference || '—' },
    { key: 'reason', title: t('devices.reasonShort'), render: ({ reason }) => reason || '—' },
  ]
  return (
    <section className="panel" data-testid="settings-history">
      <div className="panel-head">
        <h2>{t('devices.history')}</h2>
      </div>
      {detail.history.length === 0 ? (
        <div className="panel-body muted">{t('devices.noHistory')}</div>
      ) : (
        <DataTable rows={detail.history} columns={columns} rowKey={({ version }) => version} caption={t('devices.history')} />
      )}
    </section>
  )
}
