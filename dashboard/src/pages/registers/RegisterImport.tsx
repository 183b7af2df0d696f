import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { useTranslation } from 'react-i18next'
import { importTemplateUrl, importUrl } from '../../client/register-files.ts'
import { ImportDialog } from '../../features/import/ImportDialog.tsx'
import { useWords } from '../../i18n/use-words.ts'

/** Records of a register from Excel. */
export function RegisterImport({ definition, onClose }: { definition: RegisterDefinition; onClose: () => void }) {
  const { t, i18n } = useTranslation('registers')
  const words = useWords()
  const keyField = definition.fields.find(({ key }) => key === definition.import?.keyField)
  return (
    <ImportDialog
      title={words.of(definition.title)}
      keyNote={keyField && t('import.keyNote', { field: words.of(keyField.label) })}
      templateUrl={importTemplateUrl(definition.name, i18n.language)}
      importUrl={(apply) => importUrl(definition.name, apply)}
      topic="registers"
      onClose={onClose}
    />
  )
}
