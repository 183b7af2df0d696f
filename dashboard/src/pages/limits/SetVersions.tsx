import { HistoryOutlined } from '@ant-design/icons'
import type { Limit } from '@roomkeeper/shared/model'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { LimitDiffList } from '../../features/limits/LimitDiffList.tsx'
import { dateTimeText } from '../../i18n/format.ts'

export interface Version {
  version: number
  limits: Limit[]
  author: string
  reason: string
  atMs: number
}

/** Every version with what it changed. An earlier one can be taken up again, as a draft of a new version. */
export function SetVersions({
  versions,
  kind,
  unit,
  onRestore,
}: {
  versions: readonly Version[]
  kind: string
  unit: string
  onRestore?: (version: Version) => void
}) {
  const { t } = useTranslation('limits')
  if (versions.length === 0) return null
  return (
    <details className="set-versions" data-testid="limit-versions">
      <summary>
        <HistoryOutlined /> {t('versions.title', { count: versions.length })}
      </summary>
      <ol>
        {versions.map((version, at) => (
          <li key={version.version}>
            <div className="set-version-head">
              <b>{t('column.version', { version: version.version })}</b>
              <span className="muted">
                {version.author} · {dateTimeText(version.atMs)}
              </span>
              {at === 0 && <span className="mark mark-plain">{t('versions.now')}</span>}
              {at > 0 && version.limits.length > 0 && onRestore && (
                <Button size="small" data-testid={`limit-restore-${version.version}`} onClick={() => onRestore(version)}>
                  {t('versions.restore')}
                </Button>
              )}
            </div>
            <div>{t('quoted', { text: version.reason })}</div>
            {version.limits.length === 0 ? (
              <p className="muted">{t('versions.removed')}</p>
            ) : (
              <LimitDiffList before={versions[at + 1]?.limits ?? []} after={version.limits} kind={kind} unit={unit} />
            )}
          </li>
        ))}
      </ol>
    </details>
  )
}
