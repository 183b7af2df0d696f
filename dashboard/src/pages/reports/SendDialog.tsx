import type { ReportSchedule } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'
import { useReportWords } from './use-report-words.ts'

/** Asks before others get mail: to everybody, or to oneself first. */
export function SendDialog({ schedule, onClose }: { schedule: ReportSchedule; onClose: () => void }) {
  const { t } = useTranslation('reports')
  const words = useWords()
  const reportWords = useReportWords()
  const send = useMutation(
    queries.reports.send.mutationOptions({
      onSuccess: () => {
        refetchTopic('notices')
        showToast({ kind: 'success', text: t('schedules.sending') })
        onClose()
      },
    }),
  )
  const scheduleId = schedule.id
  return (
    <Modal
      open
      title={t('schedules.sendTitle', { name: reportWords.name(schedule) })}
      onCancel={onClose}
      footer={[
        <Button key="me" loading={send.isPending} data-testid="send-me" onClick={() => send.mutate({ scheduleId, onlyToMe: true })}>
          {t('schedules.sendMe')}
        </Button>,
        <Button
          key="all"
          type="primary"
          loading={send.isPending}
          data-testid="send-all"
          onClick={() => send.mutate({ scheduleId, onlyToMe: false })}
        >
          {t('schedules.sendAll')}
        </Button>,
      ]}
    >
      <p>{t('schedules.sendNote')}</p>
      <p className="muted wrap-any">{[...schedule.people.map(({ name }) => name), ...schedule.addresses].join(', ')}</p>
      {send.error && <Alert type="error" showIcon role="alert" title={words.error(send.error)} />}
    </Modal>
  )
}
