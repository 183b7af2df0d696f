import type { Incident } from '@roomkeeper/shared/http'
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, errorField, errorNumber } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showFirstError } from '../../ui/show-first-error.ts'
import { showToast } from '../../ui/toasts.tsx'
import { SignBox } from '../drafts/SignBox.tsx'
import { changesSince } from './incident-review.ts'
import { useIncidentWords } from './incident-words.ts'

/** The department head's: what has changed since the last time, then close it or give it back, signed. */
export function IncidentReview({ incident, onDone }: { incident: Incident; onDone: () => void }) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useWords()
  const me = useMe()
  const [text, setText] = useState('')
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState<'close' | 'return' | null>(null)

  async function review(verdict: 'close' | 'return', form: HTMLElement | null): Promise<void> {
    const found: Record<string, string> = {}
    if (verdict === 'return' && !text.trim()) found.text = t('review.reasonNeeded')
    if (!password) found.password = common('errors.passwordNeeded')
    setErrors(found)
    if (Object.keys(found).length > 0) {
      if (form) showFirstError(form)
      return
    }
    setBusy(verdict)
    try {
      await api.incidents.review({ incidentId: incident.id, revision: incident.revision, verdict, text: text.trim(), password })
      showToast({ kind: 'success', text: verdict === 'close' ? t('review.closed') : t('review.returned') })
      onDone()
    } catch (error) {
      const seconds = errorNumber(error, 'retryAfterSeconds')
      if (errorField(error) === 'password') setErrors({ password: common('errors.wrongPassword') })
      else if (seconds !== undefined) setErrors({ password: common('errors.tooMany', { seconds }) })
      else setErrors({ form: words.error(error) })
    } finally {
      setBusy(null)
      refetchTopic('incidents')
    }
  }

  return (
    <form
      className="incident-review no-print"
      data-testid="incident-review"
      noValidate
      onSubmit={(event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        void review('close', event.currentTarget)
      }}
    >
      <h3 className="incident-part">{t('review.title')}</h3>
      <Changes incident={incident} />
      <Field label={t('review.text')} error={errors.text} hint={t('review.textHint')}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={4000}
          value={text}
          data-testid="incident-review-text"
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <SignBox
        name={me.name}
        password={password}
        onPassword={setPassword}
        errors={errors}
        isSubmitting={busy === 'close'}
        submitLabel={t('review.close')}
        testId="incident-review"
      >
        <Button
          danger
          loading={busy === 'return'}
          data-testid="incident-review-return"
          onClick={(event) => void review('return', event.currentTarget.closest('form'))}
        >
          {t('review.return')}
        </Button>
      </SignBox>
    </form>
  )
}

function Changes({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents')
  const incidentWords = useIncidentWords()
  const changes = changesSince(incident)
  if (changes === null) return null
  if (changes.length === 0) return <p className="muted">{t('review.noChanges')}</p>
  return (
    <div className="incident-changes" data-testid="incident-changes">
      <b>{t('review.changesTitle')}</b>
      {changes.map(({ field, before, after }) => (
        <dl key={field} className="incident-change">
          <dt>{incidentWords.field(field)}</dt>
          <dd className="prewrap">
            <span className="muted">{t('review.before')}</span> <del>{incidentWords.content(before, field) || '—'}</del>
          </dd>
          <dd className="prewrap">
            <span className="muted">{t('review.after')}</span> <ins>{incidentWords.content(after, field) || '—'}</ins>
          </dd>
        </dl>
      ))}
    </div>
  )
}
