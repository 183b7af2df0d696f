import type { ReactNode } from 'react'
import './ui.css'

/** A page's title, what it is about, and its actions. */
export function PageHead({ title, note, children }: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <header className="page-head">
      <h1>{title}</h1>
      {note && <span className="page-note">{note}</span>}
      {children && <div className="page-actions">{children}</div>}
    </header>
  )
}
