import { ADDRESS_STATES, type Address, addressInput } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { useChecked } from '../../ui/use-checked.ts'
import { AssetChoice } from './AssetChoice.tsx'

/** Writes down one address: one of the table, one that agents see, or (as text) a free one. */
export function AddressDialog({ address, mayWrite, onClose }: { address: Address | string; mayWrite: boolean; onClose(): void }) {
  const { t } = useTranslation('network')
  const row = typeof address === 'string' ? undefined : address
  const seenMac = row?.seen.find(({ mac }) => mac !== '')?.mac
  const [fields, setFields] = useState(() => ({
    address: typeof address === 'string' ? address : address.address,
    state: row?.id == null ? ('used' as const) : row.state,
    hostname: row?.hostname || row?.seen.find(({ name }) => name !== '')?.name || '',
    mac: row?.mac || (row?.id == null ? (seenMac ?? '') : ''),
    department: row?.department ?? '',
    custodian: row?.custodian ?? '',
    assetId: row?.assetId ?? null,
    note: row?.note ?? '',
  }))
  const save = useMutation(
    queries.network.setAddress.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: queries.network.key() })
        onClose()
      },
    }),
  )
  const { errorOf, trySave } = useChecked(addressInput, fields)
  const change = (patch: Partial<typeof fields>) => setFields({ ...fields, ...patch })
  const submit = () => {
    if (trySave()) save.mutate({ ...fields, revision: row?.revision ?? 0 })
  }
  return (
    <FormDialog
      className="network-form"
      title={t('editAddress', { address: fields.address })}
      error={save.error}
      isSaving={save.isPending}
      ok={{ disabled: !mayWrite }}
      onSave={submit}
      onClose={onClose}
    >
      {row?.conflicts.map((conflict) => (
        <Alert key={conflict} type="warning" showIcon title={t(`conflict.${conflict}`)} description={t(`whatToDo.${conflict}`)} />
      ))}
      <Field label={t('state')} required>
        <Select
          value={fields.state}
          options={ADDRESS_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
          onChange={(state) => change({ state })}
        />
      </Field>
      <Field label={t('hostname')} error={errorOf('hostname')}>
        <Input value={fields.hostname} data-testid="address-hostname" onChange={({ target }) => change({ hostname: target.value })} />
      </Field>
      <Field label={t('mac')} error={errorOf('mac')}>
        <Input
          value={fields.mac}
          className="mono"
          data-testid="address-mac"
          onChange={({ target }) => change({ mac: target.value })}
          suffix={
            seenMac && seenMac !== fields.mac ? (
              <Button size="small" onClick={() => change({ mac: seenMac })}>
                {t('adopt')}
              </Button>
            ) : (
              <span />
            )
          }
        />
      </Field>
      <Field label={t('department')} error={errorOf('department')}>
        <Input value={fields.department} onChange={({ target }) => change({ department: target.value })} />
      </Field>
      <Field label={t('custodian')} error={errorOf('custodian')}>
        <Input value={fields.custodian} onChange={({ target }) => change({ custodian: target.value })} />
      </Field>
      <Field label={t('asset')}>
        <AssetChoice value={fields.assetId} label={row?.assetNumber ?? null} onChange={(assetId) => change({ assetId })} />
      </Field>
      <Field label={t('remark')} error={errorOf('note')}>
        <Input.TextArea value={fields.note} autoSize={{ minRows: 2 }} onChange={({ target }) => change({ note: target.value })} />
      </Field>
    </FormDialog>
  )
}
