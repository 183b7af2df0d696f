import type { TFunction } from 'i18next'

/** As server/src/rooms/demo-plan.ts writes it: no person. */
const BY_ITSELF = 'Roomkeeper'

/** Who saved a version; the demonstration's first one was drawn by the server. */
export function authorText(author: string | null, t: TFunction<'plan'>): string {
  return author === BY_ITSELF ? t('editor.byItself') : (author ?? '')
}
