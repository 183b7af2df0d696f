import { EditOutlined } from '@ant-design/icons'
import type { WholeRecord } from '@roomkeeper/shared/http'
import type { Field, RegisterDefinition } from '@roomkeeper/shared/registers'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { AmendDialog } from './AmendDialog.tsx'
import { isWide } from './FieldInput.tsx'
import { FieldValue } from './FieldValue.tsx'
import { amendmentsOf, sectionsOf } from './record-fields.ts'
import './registers.css'

interface Props {
  definition: RegisterDefinition
  record: WholeRecord
  fields: readonly Field[]
  /** It is finished, and the person may correct it. */
  mayAmend?: boolean
  strikeOut?: (fileId: number, reason: string) => Promise<unknown>
}

/** A record to be read: what was corrected stands there still, struck through, with who corrected it and why. */
export function RecordView({ definition, record, fields, mayAmend, strikeOut }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const [amended, setAmended] = useState<Field | null>(null)
  return (
    <div className="record-view" data-testid="record-view">
      {sectionsOf(fields).map((section, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a heading may come twice
        <section key={at} className="record-section">
          {section.heading && <h3>{words.of(section.heading)}</h3>}
          <dl className="record-facts">
            {section.fields.map((field) => (
              <div key={field.key} className={isWide(field) ? 'record-wide' : ''} data-testid={`value-${field.key}`}>
                <dt>
                  {words.of(field.label)}
                  {mayAmend && (
                    <Button
                      className="no-print"
                      type="link"
                      size="small"
                      icon={<EditOutlined />}
                      aria-label={t('amend.of', { field: words.of(field.label) })}
                      title={t('amend.button')}
                      data-testid={`amend-${field.key}`}
                      onClick={() => setAmended(field)}
                    />
                  )}
                </dt>
                <dd>
                  {amendmentsOf(record.steps, field.key).map(({ step, before }) => (
                    <div key={step.id} className="record-before">
                      <del>
                        <FieldValue definition={definition} record={record} field={field} value={before ?? null} />
                      </del>
                      <span className="muted">{t('amend.by', { name: step.by, time: dateTimeText(step.atMs), reason: step.comment })}</span>
                    </div>
                  ))}
                  <FieldValue definition={definition} record={record} field={field} strikeOut={strikeOut} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {amended && <AmendDialog record={record} field={amended} onClose={() => setAmended(null)} />}
    </div>
  )
}
