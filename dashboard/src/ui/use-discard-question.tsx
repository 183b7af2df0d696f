import { Button, Modal } from 'antd'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'

interface Answer {
  /** Asks, while there is something to ask. */
  question: ReactNode
  /** What was changed is saved, or was to be removed: the panel may go without a question. */
  settled: () => void
}

/**
 * For a panel that is open by a search parameter of the address: asks before unsaved changes are lost, whichever way it would go: by its cross,
 * another row, another tab, another page or the browser's back.
 */
export function useDiscardQuestion(parameter: string, isDirty: boolean): Answer {
  const { t } = useTranslation()
  const isSettled = useRef(false)
  const blocker = useBlocker(({ currentLocation: now, nextLocation: next }) => {
    const opened = (search: string) => new URLSearchParams(search).get(parameter)
    return isDirty && !isSettled.current && (now.pathname !== next.pathname || opened(now.search) !== opened(next.search))
  })
  const keep = () => blocker.reset?.()
  const settled = () => {
    isSettled.current = true
  }
  const question = blocker.state === 'blocked' && (
    <Modal
      open
      title={t('devices.discardQuestion')}
      onCancel={keep}
      footer={[
        <Button key="stay" type="primary" onClick={keep}>
          {t('devices.keepEditing')}
        </Button>,
        <Button key="leave" danger data-testid="discard-changes" onClick={() => blocker.proceed()}>
          {t('devices.discard')}
        </Button>,
      ]}
    />
  )
  return { question, settled }
}
