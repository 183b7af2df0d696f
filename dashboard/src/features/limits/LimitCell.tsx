import type { ReactNode } from 'react'

/** A small captioned control with what is wrong or worth knowing below it; antd's controls find their own focus, so the group carries the caption. */
export function LimitCell({
  label,
  problem,
  note,
  className,
  children,
}: {
  label: string
  problem?: string | undefined
  note?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <fieldset className={`limit-cell ${problem ? 'field limit-cell-wrong' : ''} ${className ?? ''}`}>
      <legend>{label}</legend>
      {children}
      {problem ? (
        <div className="field-error" role="alert">
          {problem}
        </div>
      ) : (
        note && <div className="field-hint">{note}</div>
      )}
    </fieldset>
  )
}
