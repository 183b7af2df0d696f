import { INSPECTION_ITEM_NAMES, INSPECTION_ITEMS, type InspectionItem } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'

/** The label of a field of the inspection form; nested paths are named by their item. */
export function useInspectionFieldName(): (path: string) => string {
  const { t } = useTranslation()
  const words = useWords()
  return (path) => {
    const item = INSPECTION_ITEM_NAMES.find((name) => path.startsWith(`answers.${name}`))
    return item ? words.of(INSPECTION_ITEMS[item]) : t('inspections.note')
  }
}

/** The unit an item is measured in; undefined for items that are only looked at. */
export function measuredUnit(item: InspectionItem): string | undefined {
  return INSPECTION_ITEMS[item].measured
}
