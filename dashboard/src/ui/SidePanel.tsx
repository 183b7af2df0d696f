import { CloseOutlined } from '@ant-design/icons'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import './side-panel.css'

interface Props {
  title: ReactNode
  /** What a screen reader calls the panel. */
  label: string
  /** Escape and the cross; absent where closing needs a decision. */
  onClose?: () => void
  /** Takes its place beside the page on a wide screen instead of covering it. */
  isDocked?: boolean
  /** Moves the keyboard into the panel; not for a panel that opens by itself while someone types elsewhere. */
  takesFocus?: boolean
  className?: string
  children: ReactNode
}

/** A panel on the right, below the top bar: the connection banner and the sound button stay visible and within reach. */
export function SidePanel({ title, label, onClose, isDocked, takesFocus, className, children }: Props) {
  const { t } = useTranslation()
  const [target, setTarget] = useState<HTMLElement | null>(null)
  const ref = useRef<HTMLElement>(null)
  useLayoutEffect(() => setTarget(document.getElementById('side-panels')), [])

  useEffect(() => {
    if (!target || !takesFocus) return
    const before = document.activeElement
    ref.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [target, takesFocus])

  useEffect(() => {
    if (!onClose) return
    const onKey = (event: KeyboardEvent) => {
      // A dialog above the panel takes Escape for itself.
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('.ant-modal-wrap:not([style*="display: none"])'))
        onClose()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onClose])

  if (!target) return null
  return createPortal(
    <aside ref={ref} tabIndex={-1} aria-label={label} className={`side-panel ${isDocked ? 'side-docked' : 'side-over'} ${className ?? ''}`}>
      <div className="side-head">
        <h2>{title}</h2>
        {onClose && (
          <button type="button" className="side-close" aria-label={t('common.close')} onClick={onClose}>
            <CloseOutlined />
          </button>
        )}
      </div>
      <div className="side-body">{children}</div>
    </aside>,
    target,
  )
}
