import { type Incident, type IncidentFields, incidentSubmitSchema } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, errorCode, errorField, errorNumber } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showFirstError } from '../../ui/show-first-error.ts'
import { showToast } from '../../ui/toasts.tsx'
import { DraftConflict } from '../drafts/DraftStatus.tsx'
import type { Snapshot } from '../drafts/draft.ts'
import { SignBox } from '../drafts/SignBox.tsx'
import { useDraft } from '../drafts/use-draft.ts'
import { FieldsLater, FieldsNow } from './IncidentFieldParts.tsx'
import { useIncidentWords } from './incident-words.ts'

function snapshotOf(incident: Incident): Snapshot<IncidentFields> {
  return { fields: incident.fields, revision: incident.revision, by: incident.draftBy, atMs: incident.draftAtMs }
}

/** What another person has just changed is said for so long. */
const NEWS_SHOWN_MS = 20_000

interface Props {
  incident: Incident
  /** Between the fields and the signature: the photos. */
  children?: ReactNode
  onLater?: () => void
  onDone: () => void
}

/** What people fill in (regulation E2, E6): saved by itself while typing, shared with who else writes, signed with the password at the end. */
export function IncidentFieldsForm({ incident, children, onLater, onDone }: Props) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useWords()
  const incidentWords = useIncidentWords()
  const me = useMe()
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [server, setServer] = useState({ incident, snapshot: snapshotOf(incident) })
  if (server.incident !== incident) setServer({ incident, snapshot: snapshotOf(incident) })

  const { draft, state } = useDraft<IncidentFields>({
    storageKey: `roomkeeper.draft.incident.${me.id}.${incident.id}`,
    server: server.snapshot,
    prefilled: { noticedAtMs: incident.openedAtMs, ...incident.fields },
    save: async (revision, fields) => snapshotOf(await api.incidents.saveDraft({ incidentId: incident.id, revision, fields })),
    load: async () => snapshotOf(await api.incidents.get({ incidentId: incident.id })),
  })
  const { fields } = state

  function change(patch: Partial<IncidentFields>): void {
    draft.change(patch)
    const names = Object.keys(patch)
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name))))
  }

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const checked = incidentSubmitSchema.safeParse(fields)
    const found: Record<string, string> = {}
    for (const issue of checked.error?.issues ?? []) found[String(issue.path[0])] ??= words.issue(issue)
    if (!password) found.password = common('errors.passwordNeeded')
    setErrors(found)
    if (!checked.success || Object.keys(found).length > 0) return showFirstError(form)
    setIsSubmitting(true)
    try {
      await draft.settle()
      // What another person has just saved is seen before it is signed.
      if (draft.get().status === 'conflict' || draft.get().fields !== fields) return
      await api.incidents.submit({ incidentId: incident.id, revision: draft.get().revision, fields: checked.data, password })
      draft.finish()
      showToast({ kind: 'success', text: t('submitted') })
      refetchTopic('incidents')
      onDone()
    } catch (error) {
      await onSubmitError(error)
    } finally {
      draft.resume()
      setIsSubmitting(false)
    }
  }

  async function onSubmitError(error: unknown): Promise<void> {
    const code = errorCode(error)
    if (errorField(error) === 'password') setErrors({ password: common('errors.wrongPassword') })
    else if (code === 'TOO_MANY_REQUESTS')
      setErrors({ password: common('errors.tooMany', { seconds: errorNumber(error, 'retryAfterSeconds') ?? 60 }) })
    else if (code === 'CONFLICT') {
      const latest = await api.incidents.get({ incidentId: incident.id })
      draft.adopt(snapshotOf(latest))
      refetchTopic('incidents')
    } else setErrors({ form: words.error(error) })
  }

  const parts = { incident, fields, errors, change }
  const { news } = state
  const [oldNews, setOldNews] = useState<typeof news>(null)
  useEffect(() => {
    const timer = setTimeout(() => setOldNews(news), NEWS_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [news])
  const freshNews = news === oldNews || state.status === 'conflict' ? null : news
  return (
    <form className="incident-form" data-testid="incident-form" onSubmit={(event) => void submit(event)} noValidate>
      <DraftConflict
        draft={draft}
        state={state}
        fieldName={incidentWords.field}
        fieldText={(of, path) => incidentWords.content(of, path) || '—'}
      />
      <div className="incident-news" role="status" data-testid="incident-news">
        {freshNews?.by &&
          freshNews.by !== me.name &&
          t('merged', { name: freshNews.by, fields: freshNews.fields.map(incidentWords.field).join(common('common.listComma')) })}
      </div>
      <FieldsNow {...parts} />
      <FieldsLater {...parts} />
      {children}
      <SignBox
        name={me.name}
        password={password}
        onPassword={setPassword}
        errors={errors}
        state={state}
        isSubmitting={isSubmitting}
        submitLabel={t('submit')}
        testId="incident"
      >
        {onLater && (
          <Button onClick={onLater} data-testid="incident-later">
            {t('later')}
          </Button>
        )}
      </SignBox>
    </form>
  )
}
