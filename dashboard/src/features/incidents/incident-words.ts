import { incidentFieldsSchema } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'

export const FAULT_CLASSES = incidentFieldsSchema.shape.faultClass.unwrap().options
const FIELD_NAMES = [
  'faultClass',
  'noticedAtMs',
  'arrivedAtMs',
  'engineerCalledAtMs',
  'recoveredAtMs',
  'cause',
  'measures',
  'note',
] as const

/** The label of a field of the incident form. */
export function useIncidentFieldName(): (path: string) => string {
  const { t } = useTranslation()
  return (path) => {
    const known = FIELD_NAMES.find((name) => name === path)
    return known ? t(`incidentField.${known}`) : path
  }
}
