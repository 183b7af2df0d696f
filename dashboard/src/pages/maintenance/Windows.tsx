import { PlusOutlined } from '@ant-design/icons'
import type { MaintenanceWindow } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { nameIn } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { zonedText } from './occurrences.ts'
import { useRecurrenceWords } from './use-recurrence-words.ts'
import { WindowDialog } from './WindowDialog.tsx'

/** Maintenance windows: times at which alarms of a place are silent, planned beforehand. */
export function Windows() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const words = useWords()
  const recurrenceWords = useRecurrenceWords()
  const mayWrite = useMay('maintenance.write')
  const query = useQuery(queries.life.windows.queryOptions())
  const [editing, setEditing] = useState<MaintenanceWindow | 'new' | null>(null)
  const [removing, setRemoving] = useState<MaintenanceWindow | null>(null)
  const columns: Column<MaintenanceWindow>[] = [
    {
      key: 'title',
      title: t('windows.title'),
      className: 'no-label',
      render: (window) => (
        <div>
          <b>{window.title}</b>
          <div className="muted">{window.reason}</div>
        </div>
      ),
    },
    {
      key: 'target',
      title: t('windows.target'),
      render: (window) => (
        <span>
          {t(`scope.${window.scope}`)}: {nameIn({ name: window.label, nameEn: window.labelEn }, words.language)}
        </span>
      ),
    },
    {
      key: 'time',
      title: t('windows.time'),
      render: (window) => (
        <div>
          {recurrenceWords.text(window.recurrence)}
          <div className="muted">{window.timeZone}</div>
        </div>
      ),
    },
    {
      key: 'next',
      title: t('windows.next'),
      render: (window) =>
        window.current ? (
          <span className="mark mark-medium" data-testid={`window-open-${window.id}`}>
            {t('windows.openUntil', { time: zonedText(window.current.toMs, window.timeZone).slice(5) })}
          </span>
        ) : window.next ? (
          <span className="nowrap">{zonedText(window.next.fromMs, window.timeZone)}</span>
        ) : (
          <span className="mark mark-old">{t('windows.over')}</span>
        ),
    },
    {
      key: 'by',
      title: t('windows.changedBy'),
      render: ({ changedBy, changedAtMs }) => (
        <span>
          {changedBy} <Time ms={changedAtMs} />
        </span>
      ),
    },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (window) =>
        mayWrite && (
          <span className="form-actions alarm-actions">
            <Button size="small" data-testid={`window-edit-${window.id}`} onClick={() => setEditing(window)}>
              {common('common.edit')}
            </Button>
            <Button size="small" danger data-testid={`window-remove-${window.id}`} onClick={() => setRemoving(window)}>
              {common('common.remove')}
            </Button>
          </span>
        ),
    },
  ]
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} data-testid="window-add" onClick={() => setEditing('new')}>
      {t('windows.add')}
    </Button>
  )
  return (
    <>
      <div className="panel">
        <QueryView query={query}>
          {(windows) =>
            windows.length === 0 ? (
              <Empty>
                <b>{t('windows.none')}</b>
                <span className="muted">{t('windows.noneHint')}</span>
                {add}
              </Empty>
            ) : (
              <>
                <div className="alarm-tools">{add}</div>
                <DataTable
                  rows={windows}
                  columns={columns}
                  rowKey={({ id }) => id}
                  rowTestId={({ id }) => `window-${id}`}
                  caption={t('maintenance.tab.windows')}
                />
              </>
            )
          }
        </QueryView>
      </div>
      {editing && <WindowDialog window={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
      {removing && <RemoveDialog window={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

function RemoveDialog({ window, onClose }: { window: MaintenanceWindow; onClose: () => void }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  const remove = useMutation(
    queries.life.removeWindow.mutationOptions({
      onSuccess: () => {
        refetchTopic('alarms')
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={t('windows.removeTitle', { title: window.title })}
      okText={common('common.remove')}
      error={remove.error}
      isSaving={remove.isPending}
      ok={{ danger: true, 'data-testid': 'window-remove-confirm' }}
      onSave={() => {
        setIsTried(true)
        if (reason.trim()) remove.mutate({ windowId: window.id, reason: reason.trim() })
      }}
      onClose={onClose}
    >
      <p>{t(window.current ? 'windows.removeOpen' : 'windows.removeNote')}</p>
      <Field label={t('hold.reason')} required error={isTried && !reason.trim() ? common('errors.required') : undefined}>
        <Input
          value={reason}
          autoFocus
          maxLength={4000}
          data-testid="window-remove-reason"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  )
}
