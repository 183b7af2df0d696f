import type { WholeRecord } from '@roomkeeper/shared/http'
import type { Field, FieldProblem, RegisterDefinition } from '@roomkeeper/shared/registers'
import { Button, ConfigProvider } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useIsPhone } from '../../ui/use-phone.ts'
import { DraftConflict, DraftStatusLine } from '../drafts/DraftStatus.tsx'
import { FieldInput, isWide } from './FieldInput.tsx'
import { askedFields, isRequiredNow, sectionsOf } from './record-fields.ts'
import { useFieldWords } from './use-field-words.ts'
import type { RecordDraft } from './use-record-draft.ts'
import './registers.css'

interface Props {
  definition: RegisterDefinition
  record: WholeRecord
  form: RecordDraft
  /** What is wrong; shown at its field. */
  problems?: readonly FieldProblem[]
  /** Only these fields: a step of a phone's form. */
  only?: readonly string[]
  /** On a phone, what need not be filled in is behind a button. */
  isShort?: boolean
  strikeOut?: (fileId: number, reason: string) => Promise<unknown>
}

/** What another person has just changed is said for so long. */
const NEWS_SHOWN_MS = 20_000

/** The form that follows from a register's definition. It saves itself; what is wrong and when it is handed in is its owner's business. */
export function RecordForm({ definition, record, form, problems = [], only, isShort, strikeOut }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const fieldWords = useFieldWords(definition, record)
  const isPhone = useIsPhone()
  const { draft, state } = form
  const { fields } = state
  const [isWhole, setIsWhole] = useState(false)
  const all = askedFields(definition, record.state, fields).filter(({ key }) => only === undefined || only.includes(key))
  const isFolded = isShort === true && isPhone && !isWhole
  const isNeeded = (field: Field) =>
    isRequiredNow(definition, field, record.moves) || field.type === 'photo' || (fields[field.key] ?? null) !== null
  const asked = isFolded ? all.filter(isNeeded) : all
  return (
    <ConfigProvider theme={{ token: { controlHeight: isPhone ? 44 : 34 } }}>
      <div className="record-form" data-testid="record-form">
        <div className="record-others">
          <DraftConflict
            draft={draft}
            state={state}
            fieldName={fieldWords.path}
            fieldText={(of, path) => fieldWords.textAt(of, path) || '—'}
          />
          <News form={form} fieldName={fieldWords.path} />
        </div>
        {sectionsOf(asked).map((section, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a heading may come twice
          <section key={at} className="record-section">
            {section.heading && <h3>{words.of(section.heading)}</h3>}
            <div className="record-grid">
              {section.fields.map((field) => (
                <div key={field.key} className={isWide(field) ? 'record-wide' : ''} data-field={field.key}>
                  <FieldInput
                    field={field}
                    record={record}
                    fields={fields}
                    isRequired={isRequiredNow(definition, field, record.moves)}
                    problems={problems}
                    form={form}
                    strikeOut={strikeOut}
                  />
                </div>
              ))}
            </div>
          </section>
        ))}
        {asked.length < all.length && (
          <Button type="dashed" block className="record-more" data-testid="record-more" onClick={() => setIsWhole(true)}>
            {t('moreFields', { count: all.length - asked.length })}
          </Button>
        )}
        {all.length > 0 && <DraftStatusLine state={state} />}
      </div>
    </ConfigProvider>
  )
}

/** Who else has just changed what in this form. */
function News({ form, fieldName }: { form: RecordDraft; fieldName: (path: string) => string }) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const me = useMe()
  const { news, status } = form.state
  const [oldNews, setOldNews] = useState<typeof news>(null)
  useEffect(() => {
    const timer = setTimeout(() => setOldNews(news), NEWS_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [news])
  const isFresh = news !== oldNews && status !== 'conflict' && news?.by && news.by !== me.name
  return (
    <div className="record-news" role="status" data-testid="record-news">
      {isFresh && t('merged', { name: news.by, fields: news.fields.map(fieldName).join(common('common.listComma')) })}
    </div>
  )
}
