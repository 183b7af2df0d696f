import { useWords } from '../i18n/use-words.ts'
import './ui.css'

/** A shape per priority, so that the priorities differ without colour (ISA-101). */
export function PriorityShape({ priority }: { priority: string }) {
  return (
    <svg className={`shape shape-${priority}`} width="13" height="13" viewBox="0 0 16 16" aria-hidden="true">
      {priority === 'critical' && <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />}
      {priority === 'high' && <path d="M8 1.2 15.4 14.6H.6z" />}
      {priority === 'medium' && <path d="M8 .8 15.2 8 8 15.2.8 8z" />}
      {priority === 'low' && <circle cx="8" cy="8" r="6.6" />}
      <path className="shape-sign" d={priority === 'high' ? 'M8 6v4.2M8 12v1' : 'M8 4.2v4.6M8 10.8v1'} />
    </svg>
  )
}

/** Priority as shape, colour and word. */
export function PriorityMark({ priority, count }: { priority: string; count?: number }) {
  const words = useWords()
  return (
    <span className={`mark mark-${priority}`}>
      <PriorityShape priority={priority} /> {words.priority(priority)}
      {count !== undefined && <b className="mark-count">{count}</b>}
    </span>
  )
}
