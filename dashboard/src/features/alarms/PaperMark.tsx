import { FileProtectOutlined } from '@ant-design/icons'
import type { Alarm } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

/** The record that covers it, or that none does: something was done in the room that nobody had asked for. */
export function PaperMark({ alarm }: { alarm: Pick<Alarm, 'id' | 'paper' | 'withoutPaper'> }) {
  const { t } = useTranslation('life')
  const { id, paper, withoutPaper } = alarm
  if (paper)
    return (
      <Link
        className="mark mark-plain"
        to={`/registers/${paper.register}/${paper.recordId}`}
        title={t('paper.coveredExplained')}
        data-testid={`paper-${id}`}
      >
        <FileProtectOutlined /> {paper.number}
      </Link>
    )
  if (!withoutPaper) return null
  return (
    <span className="mark mark-high" title={t('paper.noneExplained')} data-testid={`without-paper-${id}`}>
      {t('paper.none')}
    </span>
  )
}
