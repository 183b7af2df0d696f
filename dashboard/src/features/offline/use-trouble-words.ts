import { useTranslation } from 'react-i18next'
import type { Trouble } from '../../client/offline/paper.ts'
import { useWords } from '../../i18n/use-words.ts'

/** Why a paper did not go on, in a sentence with what to do. */
export function useTroubleWords(): (trouble: Trouble) => string {
  const { t } = useTranslation('inspection')
  const words = useWords()
  return (trouble) => {
    if (trouble.kind === 'over') return t('trouble.over', { name: trouble.by })
    if (trouble.kind === 'refused') {
      const [first] = trouble.issues
      return t('trouble.refused', { reason: words.half(first?.message ?? trouble.message) })
    }
    return trouble.clashes.length > 0 ? t('trouble.clash', { name: trouble.by }) : t('trouble.changed', { name: trouble.by })
  }
}
