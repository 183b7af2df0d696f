import type { RecordStep, WholeRecord } from '@roomkeeper/shared/http'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { useTranslation } from 'react-i18next'
import { recordFileUrl } from '../../client/photos.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useFieldWords } from './use-field-words.ts'

/** What happened to the record, oldest first: who, when, what changed, what was signed. */
export function RecordTimeline({ definition, record }: { definition: RegisterDefinition; record: WholeRecord }) {
  const { t } = useTranslation('registers')
  if (record.steps.length === 0) return null
  return (
    <section className="panel" aria-label={t('timeline.title')}>
      <div className="panel-head">
        <h2>{t('timeline.title')}</h2>
      </div>
      <ol className="record-steps" data-testid="record-steps">
        {record.steps.map((step) => (
          <Step key={step.id} definition={definition} record={record} step={step} />
        ))}
      </ol>
    </section>
  )
}

function Step({ definition, record, step }: { definition: RegisterDefinition; record: WholeRecord; step: RecordStep }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const fieldWords = useFieldWords(definition, record)
  const move = definition.moves.find(({ name }) => name === step.move)
  const to = definition.states.find(({ name }) => name === step.to)
  return (
    <li className={`record-step step-${step.kind} ${step.emergency ? 'step-emergency' : ''}`}>
      <div className="step-head">
        <b>{move ? words.of(move.label) : t(`timeline.${step.kind}`)}</b> <span>{step.by}</span>
        {step.from !== step.to && to && <span className="muted"> → {words.of(to.label)}</span>}
        {step.emergency && <span className="mark mark-high">{t('emergency')}</span>}
        {step.atRoom && <span className="mark mark-ok">{t('timeline.atRoom')}</span>}
      </div>
      <div className="muted step-time">
        {step.claimedAtMs !== null && Math.abs(step.claimedAtMs - step.atMs) > CLAIM_SHOWN_MS
          ? t('timeline.claimed', { claimed: dateTimeText(step.claimedAtMs), time: dateTimeText(step.atMs) })
          : dateTimeText(step.atMs)}
      </div>
      {step.comment && <div className="step-comment prewrap wrap-any">{step.comment}</div>}
      {step.kind !== 'create' && step.changes.length > 0 && (
        <dl className="step-changes">
          {step.changes.map(({ key, before, after }) => {
            const field = fieldWords.fieldOf(key)
            const text = (value: unknown) => (field ? fieldWords.text(field, value) : '') || '—'
            return (
              <div key={key}>
                <dt>{fieldWords.name(key)}</dt>
                <dd className="wrap-any">
                  <del>{text(before)}</del> → {text(after)}
                </dd>
              </div>
            )
          })}
        </dl>
      )}
      {step.signatures.map((signature) => (
        <div key={`${signature.by}${signature.atMs}`} className="step-signature">
          {t(signature.kind === 'drawn' ? 'timeline.signedByHand' : 'timeline.signed', { name: signature.by })}
          {signature.fileId !== null && <img className="signature-picture" src={recordFileUrl(signature.fileId)} alt={signature.by} />}
        </div>
      ))}
    </li>
  )
}

/** A browser's clock may be off by so much; more was without a connection. */
const CLAIM_SHOWN_MS = 60_000
