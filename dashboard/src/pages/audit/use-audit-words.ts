import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'

/** From a year-2001 time on; shorter numbers are none. */
const EARLIEST_MS = 1e12

/** The audit trail's codes in words. What has none is shown as it is stored: an older or newer server may have written it. */
export function useAuditWords() {
  const { i18n } = useTranslation('audit')
  const textOf = (path: string): string | undefined => {
    const text: unknown = i18n.getResource(i18n.language, 'audit', path)
    return typeof text === 'string' ? text : undefined
  }
  return {
    actor: (actor: string): string => textOf(`actor.${actor}`) ?? actor,
    /** `account.duty` */
    action: (action: string): string => textOf(`action.${action}`) ?? action,
    /** `alarm:3` becomes “alarm #3”, `account:admin` “account admin”. */
    entity: (entity: string): string => {
      const [, thing = entity, which = ''] = /^([^:]+):?(.*)$/.exec(entity) ?? []
      const name = textOf(`entity.${thing}`)
      if (name === undefined) return entity
      return /^\d+$/.test(which) ? `${name} #${which}` : `${name} ${which}`.trim()
    },
    /** `fields.name`: each part by itself. */
    field: (path: string): string =>
      path
        .split('.')
        .map((part) => textOf(`field.${part}`) ?? part)
        .join(' › ') || '·',
    value: (path: string, value: string): string => {
      if (value === 'true' || value === 'false') return textOf(`value.${value}`) ?? value
      return /Ms$/.test(path) && Number(value) > EARLIEST_MS ? dateTimeText(Number(value)) : value
    },
  }
}
