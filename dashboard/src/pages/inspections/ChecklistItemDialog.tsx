import { type Checklist, checklistEntryInput } from '@roomkeeper/shared/http'
import { FOLLOW_UPS } from '@roomkeeper/shared/registers'
import { useMutation } from '@tanstack/react-query'
import { Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { useChecked } from '../../ui/use-checked.ts'

interface Props {
  list: Checklist
  item: Checklist['items'][number] | undefined
  onClose(): void
}

/** One item of a checklist: its words in both languages, whether a photo is asked for, and what an abnormal answer opens. */
export function ChecklistItemDialog({ list, item, onClose }: Props) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const [label, setLabel] = useState(item?.label ?? { zh: '', en: '' })
  const [help, setHelp] = useState(item?.help ?? { zh: '', en: '' })
  const [photo, setPhoto] = useState(item?.photo ?? false)
  const [active, setActive] = useState(item?.active ?? true)
  const [followUp, setFollowUp] = useState(item?.followUp ?? FOLLOW_UPS[0])
  const save = useMutation(
    queries.checklists.change.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: queries.checklists.key() })
        onClose()
      },
    }),
  )
  const entry = {
    ...(item && { key: item.key, ...(item.clause && { clause: item.clause }), ...(item.measured && { measured: item.measured }) }),
    // One language is enough to begin with; the other shows the same words until somebody translates them.
    label: { zh: label.zh || label.en, en: label.en || label.zh },
    ...((help.zh || help.en) && { help: { zh: help.zh || help.en, en: help.en || help.zh } }),
    photo,
    active,
    followUp,
  }
  const { errorOf, trySave } = useChecked(checklistEntryInput, entry)
  return (
    <FormDialog
      title={item ? words.of(item.label) : t('checklists.add')}
      error={save.error}
      isSaving={save.isPending}
      onSave={() => {
        if (trySave()) save.mutate({ deviceClass: list.deviceClass, revision: list.revision, items: [entry] })
      }}
      onClose={onClose}
    >
      <Field label={t('checklists.labelZh')} required error={errorOf('label')}>
        <Input value={label.zh} maxLength={80} data-testid="item-zh" onChange={({ target }) => setLabel({ ...label, zh: target.value })} />
      </Field>
      <Field label={t('checklists.labelEn')}>
        <Input value={label.en} maxLength={120} data-testid="item-en" onChange={({ target }) => setLabel({ ...label, en: target.value })} />
      </Field>
      <Field label={t('checklists.helpZh')} error={errorOf('help')}>
        <Input value={help.zh} maxLength={300} onChange={({ target }) => setHelp({ ...help, zh: target.value })} />
      </Field>
      <Field label={t('checklists.helpEn')}>
        <Input value={help.en} maxLength={400} onChange={({ target }) => setHelp({ ...help, en: target.value })} />
      </Field>
      <Field label={t('checklists.followUp')}>
        <Select
          value={followUp}
          options={FOLLOW_UPS.map((value) => ({ value, label: t(`checklists.follow.${value}`) }))}
          onChange={setFollowUp}
        />
      </Field>
      <Field label={t('checklists.photo')}>
        <Switch checked={photo} onChange={setPhoto} />
      </Field>
      <Field label={t('checklists.asked')} hint={t('checklists.askedHint')}>
        <Switch checked={active} onChange={setActive} />
      </Field>
    </FormDialog>
  )
}
