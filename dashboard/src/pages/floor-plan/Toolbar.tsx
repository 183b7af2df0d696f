import {
  CopyOutlined,
  DeleteOutlined,
  RedoOutlined,
  ReloadOutlined,
  RotateRightOutlined,
  SaveOutlined,
  UndoOutlined,
} from '@ant-design/icons'
import { FINE_STEP_M, TILE_M } from '@roomkeeper/shared/model'
import { Button, Popconfirm, Segmented } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { authorText } from './author-text.ts'
import type { EditState } from './edit-history.ts'
import type { PlanSave } from './use-plan-save.ts'

interface Props {
  state: EditState
  commands: Record<'undo' | 'redo' | 'rotate' | 'duplicate' | 'remove' | 'save' | 'regenerate', () => void>
  /** Something is selected. */
  canChange: boolean
  step: number
  setStep: (step: number) => void
  save: PlanSave
  note: string
}

export function Toolbar({ state, commands, canChange, step, setStep, save, note }: Props) {
  const { t } = useTranslation('plan')
  const tool = (name: 'undo' | 'redo' | 'rotate' | 'duplicate' | 'remove', icon: ReactNode, isOn: boolean) => (
    <Button
      icon={icon}
      disabled={!isOn}
      title={t(`editor.${name}`)}
      aria-label={t(`editor.${name}`)}
      onClick={commands[name]}
      data-testid={`plan-${name}`}
    />
  )
  return (
    <div className="panel plan-toolbar">
      {tool('undo', <UndoOutlined />, state.past.length > 0)}
      {tool('redo', <RedoOutlined />, state.future.length > 0)}
      <span className="plan-toolbar-gap" />
      {tool('rotate', <RotateRightOutlined />, canChange)}
      {tool('duplicate', <CopyOutlined />, canChange)}
      {tool('remove', <DeleteOutlined />, canChange)}
      <span className="plan-toolbar-gap" />
      <Segmented
        value={step}
        onChange={setStep}
        options={[TILE_M, FINE_STEP_M].map((value) => ({ value, label: `${value} m` }))}
        aria-label={t('editor.grid')}
      />
      <Popconfirm title={t('editor.regenerateQuestion')} onConfirm={commands.regenerate}>
        <Button icon={<ReloadOutlined />}>{t('editor.regenerate')}</Button>
      </Popconfirm>
      <span className="plan-toolbar-state" role="status">
        {note ||
          (save.isDirty
            ? t('editor.unsaved')
            : save.version > 0
              ? t('editor.savedBy', { version: save.version, author: authorText(save.author, t) })
              : '')}
      </span>
      <Button
        type="primary"
        icon={<SaveOutlined />}
        loading={save.isSaving}
        disabled={!save.isDirty}
        onClick={commands.save}
        data-testid="plan-save"
      >
        {t('editor.save')}
      </Button>
    </div>
  )
}
