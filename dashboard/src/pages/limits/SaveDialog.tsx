import { ExperimentOutlined } from '@ant-design/icons'
import type { Rehearsal } from '@roomkeeper/shared/http'
import type { Limit } from '@roomkeeper/shared/model'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LimitDiffList } from '../../features/limits/LimitDiffList.tsx'
import { verdictOf } from '../../features/limits/rehearsal-verdict.ts'
import { Field } from '../../ui/Field.tsx'

interface Props {
  mode: 'save' | 'remove'
  before: readonly Limit[]
  after: readonly Limit[]
  kind: string
  unit: string
  points: number
  reason: string
  /** Of exactly this draft; null: it was not rehearsed. */
  rehearsal: Rehearsal | null
  isSaving: boolean
  error: string | undefined
  cancelText: string
  onReason: (reason: string) => void
  onRehearse: () => void
  onSave: () => void
  onClose: () => void
}

/** The last look before a new version: what changes, for how many points, what the rehearsal said, and why it is done. */
export function SaveDialog(props: Props) {
  const { mode, before, after, kind, unit, points, reason, rehearsal, isSaving, error, cancelText } = props
  const { t } = useTranslation('limits')
  const { t: common } = useTranslation()
  const [isTried, setIsTried] = useState(false)
  const verdict = rehearsal && verdictOf(rehearsal)
  const isWarning = verdict === 'silent' || verdict === 'noisy'
  return (
    <Modal
      open
      width={640}
      title={t(mode === 'save' ? 'save.title' : 'save.removeTitle')}
      onCancel={props.onClose}
      footer={[
        <Button key="cancel" onClick={props.onClose}>
          {cancelText}
        </Button>,
        <Button
          key="save"
          type="primary"
          danger={mode === 'remove' || isWarning}
          loading={isSaving}
          data-testid="limit-save-confirm"
          onClick={() => (reason.trim() ? props.onSave() : setIsTried(true))}
        >
          {t(mode === 'remove' ? 'save.removeNow' : isWarning ? 'save.anyway' : 'save.now')}
        </Button>,
      ]}
    >
      {error && <Alert type="error" showIcon role="alert" title={error} />}
      {mode === 'remove' && <p>{t('save.removeNote')}</p>}
      {mode === 'save' && !rehearsal && (
        <Alert
          type="info"
          showIcon
          title={t('save.notRehearsed')}
          action={
            <Button size="small" icon={<ExperimentOutlined />} data-testid="save-rehearse" onClick={props.onRehearse}>
              {t('rehearsal.start')}
            </Button>
          }
        />
      )}
      {rehearsal && verdict && (
        <Alert
          type={isWarning ? 'warning' : 'success'}
          showIcon
          title={t(`rehearsal.verdict.${verdict}`, {
            now: rehearsal.now.alarms,
            draft: rehearsal.draft.alarms,
            gained: rehearsal.gained.count,
            lost: rehearsal.lost.count,
          })}
        />
      )}
      <p>{t('save.changes', { count: points })}</p>
      <LimitDiffList before={before} after={after} kind={kind} unit={unit} />
      <Field
        label={t('reason')}
        required
        error={isTried && !reason.trim() ? common('errors.required') : undefined}
        hint={t('save.reasonHint')}
      >
        <Input
          autoFocus
          value={reason}
          maxLength={4000}
          data-testid="limits-reason"
          onChange={(event) => props.onReason(event.target.value)}
          onPressEnter={() => (reason.trim() ? props.onSave() : setIsTried(true))}
        />
      </Field>
    </Modal>
  )
}
