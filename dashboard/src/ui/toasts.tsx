import { CheckCircleFilled, CloseOutlined, InfoCircleFilled, WarningFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { createExternalStore, useExternalStore } from '../client/external-store.ts'
import './toasts.css'

export interface Toast {
  kind: 'success' | 'info' | 'error' | 'alarm'
  text: string
  title?: string
  /** A toast with the same key replaces the earlier one. */
  key?: string
  onClick?: () => void
}

const store = createExternalStore<readonly (Toast & { id: number })[]>([])
let lastId = 0
/** Errors and alarms stay long enough to be read by someone who looked away. */
const SHOWN_MS: Record<Toast['kind'], number> = { success: 3000, info: 5000, error: 8000, alarm: 10_000 }

function dismiss(id: number): void {
  store.set(store.get().filter((toast) => toast.id !== id))
}

/** A short note in the corner; nothing that must be seen may depend on it. */
export function showToast(toast: Toast): void {
  const id = ++lastId
  store.set([...store.get().filter(({ key }) => key === undefined || key !== toast.key), { ...toast, id }].slice(-4))
  setTimeout(() => dismiss(id), SHOWN_MS[toast.kind])
}

/** What the toast with this key says has changed: it says so without beginning anew; without a text it goes. */
export function retellToast(key: string, text: string | undefined): void {
  const shown = store.get()
  if (!shown.some((toast) => toast.key === key)) return
  store.set(
    shown.flatMap((toast) => {
      if (toast.key !== key) return [toast]
      return text === undefined ? [] : [{ ...toast, text }]
    }),
  )
}

const ICONS = { success: <CheckCircleFilled />, info: <InfoCircleFilled />, error: <WarningFilled />, alarm: <WarningFilled /> }

export function Toasts() {
  const { t } = useTranslation()
  const toasts = useExternalStore(store)
  return (
    <div className="toasts">
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast toast-${toast.kind}`} role={toast.kind === 'error' ? 'alert' : 'status'}>
          <span className="toast-icon" aria-hidden="true">
            {ICONS[toast.kind]}
          </span>
          <div className="toast-text">
            {toast.title && <b>{toast.title}</b>}
            {toast.onClick ? (
              <button type="button" className="link-button" onClick={toast.onClick}>
                {toast.text}
              </button>
            ) : (
              toast.text
            )}
          </div>
          <button type="button" className="link-button" aria-label={t('common.close')} onClick={() => dismiss(toast.id)}>
            <CloseOutlined />
          </button>
        </div>
      ))}
    </div>
  )
}
