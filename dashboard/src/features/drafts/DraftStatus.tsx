import { CheckCircleOutlined, CloudOutlined, DisconnectOutlined, EditOutlined, WarningOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../client/connection.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import type { Draft, DraftState } from './draft.ts'

const ICONS = {
  saved: <CheckCircleOutlined />,
  dirty: <EditOutlined />,
  saving: <CloudOutlined />,
  offline: <DisconnectOutlined />,
  refused: <WarningOutlined />,
  conflict: <WarningOutlined />,
}

/** One line: whether the server has what is on the screen. */
export function DraftStatusLine<F>({ state }: { state: DraftState<F> }) {
  const { t } = useTranslation()
  const words = useWords()
  const isLost = useConnection().phase === 'lost'
  // A request on a dead line is not "saving": what counts is that the text is safe on this computer.
  const status = isLost && (state.status === 'saving' || state.status === 'dirty') ? 'offline' : state.status
  return (
    <span className={`draft-status draft-${status}`} role="status" data-testid="draft-status" data-status={status}>
      {ICONS[status]} {status === 'saved' && state.revision === 0 ? t('draft.empty') : t(`draft.${status}`)}
      {state.status === 'refused' && ` ${words.error(state.error)}`}
    </span>
  )
}

/** Someone else saved in the meantime: says who and what, and lets the person choose. */
export function DraftConflict<F extends object>({
  draft,
  state,
  fieldName,
  fieldText,
}: {
  draft: Draft<F>
  state: DraftState<F>
  fieldName: (path: string) => string
  /** A field's content in words, so that the two versions are read side by side. */
  fieldText?: (fields: F, path: string) => string
}) {
  const { t } = useTranslation()
  if (state.status !== 'conflict' || !state.theirs) return null
  const { by, atMs, fields: theirs } = state.theirs
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      data-testid="draft-conflict"
      title={t('draft.conflictTitle', { name: by ?? t('draft.someone'), time: atMs === null ? '' : dateTimeText(atMs) })}
      description={
        <>
          <p>{t('draft.clashes', { fields: state.clashes.map(fieldName).join(t('common.listComma')) })}</p>
          {fieldText && (
            <dl className="draft-versions">
              {state.clashes.map((path) => (
                <Fragment key={path}>
                  <dt>{fieldName(path)}</dt>
                  <dd>
                    <b>{t('draft.mine')}</b> {fieldText(state.fields, path)}
                  </dd>
                  <dd>
                    <b>{by ?? t('draft.someone')}</b> {fieldText(theirs, path)}
                  </dd>
                </Fragment>
              ))}
            </dl>
          )}
          <div className="form-actions">
            <Button size="small" type="primary" onClick={() => draft.resolve('merge')} data-testid="draft-merge">
              {t('draft.merge')}
            </Button>
            <Button size="small" onClick={() => draft.resolve('reload')} data-testid="draft-reload">
              {t('draft.reload')}
            </Button>
          </div>
        </>
      }
    />
  )
}
