import { type IncidentFields, incidentFieldsSchema } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'

export const FAULT_CLASSES = incidentFieldsSchema.shape.faultClass.unwrap().options

/** In the order in which they are read in a record. */
export const INCIDENT_FIELDS = [
  'faultClass',
  'noticedAtMs',
  'arrivedAtMs',
  'handledAtMs',
  'engineerCalledAtMs',
  'engineerName',
  'cause',
  'measures',
  'recoveredAtMs',
  'recovery',
  'rootCause',
  'lessons',
  'note',
] as const satisfies (keyof IncidentFields)[]
export type IncidentField = (typeof INCIDENT_FIELDS)[number]

export function isIncidentField(name: string): name is IncidentField {
  return (INCIDENT_FIELDS as readonly string[]).includes(name)
}

/** Labels and contents of the fields of the incident form. */
export function useIncidentWords() {
  const { t } = useTranslation('incidents')
  const faultClass = (code: string | undefined): string => {
    const known = [...FAULT_CLASSES, 'unclassified' as const].find((each) => each === code)
    return known ? t(`faultClass.${known}`) : (code ?? '')
  }
  return {
    field: (name: string): string => (isIncidentField(name) ? t(`field.${name}`) : name),
    faultClass,
    /** Empty where nothing is filled in. */
    content: (fields: IncidentFields, name: string): string => {
      if (!isIncidentField(name)) return ''
      const value = fields[name]
      if (value === undefined) return ''
      if (typeof value === 'number') return dateTimeText(value)
      return name === 'faultClass' ? faultClass(value) : value
    },
  }
}
