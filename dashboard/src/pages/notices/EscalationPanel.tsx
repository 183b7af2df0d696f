import type { EscalationPolicy } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { QueryView } from '../../ui/states.tsx'
import { EscalationForm } from './EscalationForm.tsx'
import { Tiers } from './Tiers.tsx'

export interface StoredPolicy extends EscalationPolicy {
  revision: number
  changedBy: string | null
  changedAtMs: number | null
}

/** Whom to tell when nobody acknowledges; read as a line of time, changed with a reason. */
export function EscalationPanel() {
  const { t } = useTranslation('notices')
  const mayWrite = useMay('channels.write')
  const query = useQuery(queries.notices.escalation.queryOptions())
  const [editing, setEditing] = useState<StoredPolicy | null>(null)
  return (
    <section className="panel panel-body">
      <QueryView query={query}>
        {(policy) =>
          editing ? (
            <EscalationForm policy={editing} current={policy} onRebase={setEditing} onClose={() => setEditing(null)} />
          ) : (
            <>
              <Tiers policy={policy} />
              <p className="muted">
                {t('escalation.never')}
                <br />
                {policy.changedBy === null
                  ? t('escalation.default')
                  : t('escalation.changedBy', {
                      name: policy.changedBy,
                      time: policy.changedAtMs === null ? '' : dateTimeText(policy.changedAtMs),
                    })}
              </p>
              {mayWrite && (
                <Button type="primary" data-testid="escalation-edit" onClick={() => setEditing(policy)}>
                  {t('escalation.edit')}
                </Button>
              )}
            </>
          )
        }
      </QueryView>
    </section>
  )
}
