import { Children, cloneElement, isValidElement, type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import './ui.css'

interface Props {
  label: ReactNode
  required?: boolean
  /** A sentence saying what is wrong; the control is announced as invalid with it. */
  error?: string
  hint?: ReactNode
  children: ReactNode
}

/** A labelled control with its error. Gives the one control inside an id and ties label and error to it. */
export function Field({ label, required, error, hint, children }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const errorId = `${id}-error`
  const only = Children.only(children)
  const control = isValidElement<Record<string, unknown>>(only)
    ? cloneElement(only, {
        id: only.props.id ?? id,
        ...(error ? { status: 'error', 'aria-invalid': true, 'aria-describedby': errorId } : {}),
      })
    : only
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
        {required && (
          <span className="required" title={t('common.required')}>
            *
          </span>
        )}
      </label>
      {control}
      {error ? (
        <div className="field-error" id={errorId} role="alert">
          {error}
        </div>
      ) : (
        hint && <div className="field-hint">{hint}</div>
      )}
    </div>
  )
}
