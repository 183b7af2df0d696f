import { lazy } from 'react'
import { loadTexts } from '../../i18n/index.ts'

/** Comes with its texts when it is opened. */
export const ImportDialog = lazy(async () => {
  const [{ ImportDialog: dialog }] = await Promise.all([import('../../features/import/ImportDialog.tsx'), loadTexts('registers')])
  return { default: dialog }
})
