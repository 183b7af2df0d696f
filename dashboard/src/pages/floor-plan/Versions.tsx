import type { SavedPlan } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { authorText } from './author-text.ts'

interface Props {
  roomId: number
  /** The one that is being edited. */
  version: number
  onVersion: (saved: SavedPlan) => void
}

/** Who saved the plan and when; an earlier one is loaded as a change that can be undone, and saved as a new version. */
export function Versions({ roomId, version, onVersion }: Props) {
  const { t } = useTranslation('plan')
  const words = useWords()
  const query = useQuery(queries.floorPlans.versions.queryOptions({ input: { roomId } }))
  const load = async (wanted: number) => {
    try {
      onVersion(await api.floorPlans.version({ roomId, version: wanted }))
    } catch (error) {
      showToast({ kind: 'error', text: words.error(error) })
    }
  }
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('editor.versions')}</h2>
      </div>
      <QueryView query={query}>
        {(rows) => (
          <ul className="plan-versions">
            {rows.map((row) => (
              <li key={row.version}>
                <span>
                  {t('editor.versionLine', { version: row.version, author: authorText(row.author, t), items: row.items })}
                  <br />
                  <Time ms={row.atMs} />
                </span>
                {row.version === version ? (
                  <span className="mark mark-plain">{t('editor.versionNow')}</span>
                ) : (
                  <Button size="small" onClick={() => void load(row.version)}>
                    {t('editor.versionLoad')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </section>
  )
}
