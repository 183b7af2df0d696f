import type { Incident, IncidentFields } from '@roomkeeper/shared/http'
import { Input, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { focusIncident, presenceStore } from '../../client/connection.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { useMe } from '../../client/session.ts'
import { DateTimeInput } from '../../ui/DateTimeInput.tsx'
import { Field } from '../../ui/Field.tsx'
import { isOver } from './incident-review.ts'
import { FAULT_CLASSES, type IncidentField, useIncidentWords } from './incident-words.ts'

interface Props {
  incident: Incident
  fields: IncidentFields
  errors: Readonly<Record<string, string>>
  change(patch: Partial<IncidentFields>): void
}

type TextField = 'cause' | 'measures' | 'recovery' | 'rootCause' | 'lessons' | 'note'
type TimeField = 'noticedAtMs' | 'arrivedAtMs' | 'engineerCalledAtMs' | 'handledAtMs' | 'recoveredAtMs'

/** What belongs into the form while the fault is being dealt with: its class, what is done, and the times that class asks for. */
export function FieldsNow(props: Props) {
  const { t } = useTranslation('incidents')
  const { fields, change } = props
  const words = useIncidentWords()
  const isSoftware = fields.faultClass === 'software'
  const isHardware = fields.faultClass === 'hardware'
  return (
    <section aria-label={t('part.now')}>
      <h3 className="incident-part">{t('part.now')}</h3>
      <SharedField {...props} name="faultClass" required>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          className="wrap-group"
          value={fields.faultClass ?? null}
          data-testid="incident-fault-class"
          onChange={(event) => change({ faultClass: event.target.value as IncidentFields['faultClass'] })}
        >
          {FAULT_CLASSES.map((faultClass) => (
            <Radio.Button key={faultClass} value={faultClass}>
              <span data-testid={`incident-fault-class-${faultClass}`}>{words.faultClass(faultClass)}</span>
            </Radio.Button>
          ))}
        </Radio.Group>
      </SharedField>
      {/* What is filled in stays visible when the class is changed. */}
      <div className="field-grid">
        {(isHardware || fields.handledAtMs !== undefined) && (
          <TimeInput {...props} name="handledAtMs" testId="incident-handled-at" required={isHardware} hint={t('hint.handled')} />
        )}
        {(isSoftware || fields.engineerCalledAtMs !== undefined) && (
          <TimeInput
            {...props}
            name="engineerCalledAtMs"
            testId="incident-engineer-called-at"
            required={isSoftware}
            hint={t('hint.engineer')}
          />
        )}
        {(isSoftware || fields.engineerName !== undefined) && (
          <SharedField {...props} name="engineerName" required={isSoftware} hint={t('hint.engineerName')}>
            <Input
              maxLength={100}
              value={fields.engineerName ?? ''}
              data-testid="incident-engineer-name"
              onChange={(event) => change({ engineerName: event.target.value.trim() === '' ? undefined : event.target.value })}
            />
          </SharedField>
        )}
      </div>
      <TextInput {...props} name="measures" required minRows={2} />
      <TextInput {...props} name="cause" required minRows={2} />
      <div className="field-grid">
        <TimeInput {...props} name="noticedAtMs" testId="incident-noticed-at" required />
        <TimeInput {...props} name="arrivedAtMs" testId="incident-arrived-at" />
      </div>
    </section>
  )
}

const LATER: readonly IncidentField[] = ['recoveredAtMs', 'recovery', 'rootCause', 'lessons', 'note']

/** What can wait until it is over; open by then, and whenever something in it is filled in or wrong. */
export function FieldsLater(props: Props) {
  const { t } = useTranslation('incidents')
  const { incident, fields, errors } = props
  const [isOpened, setIsOpened] = useState<boolean | null>(null)
  const isWanted = isOver(incident) || LATER.some((name) => fields[name] !== undefined && fields[name] !== '')
  const isOpen = LATER.some((name) => errors[name] !== undefined) || (isOpened ?? isWanted)
  return (
    <section className="incident-later" aria-label={t('part.later')}>
      <h3 className="incident-part">
        <button
          type="button"
          className="link-button"
          aria-expanded={isOpen}
          data-testid="incident-part-later"
          onClick={() => setIsOpened(!isOpen)}
        >
          {isOpen ? '▾' : '▸'} {t('part.later')}
        </button>
        {!isOver(incident) && <span className="muted"> {t('part.laterNote')}</span>}
      </h3>
      {isOpen && (
        <>
          <div className="field-grid">
            <TimeInput {...props} name="recoveredAtMs" testId="incident-recovered-at" />
          </div>
          <TextInput {...props} name="recovery" hint={t('hint.recovery')} />
          <TextInput {...props} name="rootCause" hint={t('hint.rootCause')} />
          <TextInput {...props} name="lessons" hint={t('hint.lessons')} />
          <TextInput {...props} name="note" />
        </>
      )}
    </section>
  )
}

function TextInput(props: Props & { name: TextField; required?: boolean; hint?: string; minRows?: number }) {
  const { name, fields, change, minRows = 1 } = props
  return (
    <SharedField {...props}>
      <Input.TextArea
        autoSize={{ minRows, maxRows: 8 }}
        maxLength={4000}
        value={fields[name] ?? ''}
        data-testid={`incident-${name === 'rootCause' ? 'root-cause' : name}`}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </SharedField>
  )
}

function TimeInput(props: Props & { name: TimeField; testId: string; required?: boolean; hint?: string }) {
  const { name, fields, change, testId } = props
  return (
    <SharedField {...props}>
      <DateTimeInput valueMs={fields[name]} testId={testId} onChange={(valueMs) => change({ [name]: valueMs })} />
    </SharedField>
  )
}

interface SharedFieldProps extends Pick<Props, 'incident' | 'errors'> {
  name: IncidentField
  required?: boolean
  hint?: string
  children: ReactNode
}

/** A field that says who else is writing in it, and tells the others when this person is. */
function SharedField({ incident, name, errors, required, hint, children }: SharedFieldProps) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useIncidentWords()
  const me = useMe()
  const people = useExternalStore(presenceStore).get(incident.id) ?? []
  const here = people.filter((person) => person.id !== me.id && person.field === name)
  const names = here.map((person) => person.name).join(common('common.listComma'))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the events come from the control inside, also from its calendar
    <div
      className={here.length > 0 ? 'field-taken' : undefined}
      onFocus={() => focusIncident(incident.id, name)}
      onBlur={() => focusIncident(incident.id)}
    >
      <Field
        label={
          <>
            {words.field(name)}
            {here.length > 0 && (
              <span className="field-presence" data-testid={`incident-writing-${name}`}>
                <span className="presence-dot" aria-hidden="true" /> {t('presence.field', { names })}
              </span>
            )}
          </>
        }
        required={required}
        error={errors[name]}
        hint={hint}
      >
        {children}
      </Field>
    </div>
  )
}
