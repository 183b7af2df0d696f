import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PlanSave } from './use-plan-save.ts'

/** Two people drew at the same time: the second decides, and neither's work is lost. */
export function ConflictDialog({ save }: { save: PlanSave }) {
  const { t } = useTranslation('plan')
  if (!save.conflict) return null
  return (
    <Modal
      open
      title={t('editor.conflictTitle')}
      onCancel={save.putOff}
      footer={
        <div className="plan-conflict">
          <Button type="primary" onClick={save.putOff}>
            {t('editor.conflictKeep')}
          </Button>
          <Button loading={save.isSaving} onClick={() => void save.saveOver()} data-testid="conflict-mine">
            {t('editor.conflictMine')}
          </Button>
          <Button danger onClick={save.takeTheirs} data-testid="conflict-theirs">
            {t('editor.conflictTheirs')}
          </Button>
        </div>
      }
    >
      <p>{t('editor.conflict', { by: save.conflict.author ?? '?' })}</p>
    </Modal>
  )
}
