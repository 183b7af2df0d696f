import { type Subnet, subnetInput } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Modal, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { useChecked } from '../../ui/use-checked.ts'

/** Adds a subnet, changes it, or takes it out. */
export function SubnetDialog({ subnet: given, onClose }: { subnet: Subnet | { cidr: string }; onClose(): void }) {
  const { t } = useTranslation('network')
  const { t: common } = useTranslation()
  const words = useWords()
  const subnet = 'id' in given ? given : undefined
  const [fields, setFields] = useState({
    cidr: given.cidr,
    name: subnet?.name ?? '',
    vlan: subnet?.vlan ?? null,
    gateway: subnet?.gateway ?? '',
    purpose: subnet?.purpose ?? '',
    note: subnet?.note ?? '',
  })
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: queries.network.key() })
    onClose()
  }
  const add = useMutation(queries.network.addSubnet.mutationOptions({ onSuccess }))
  const change = useMutation(queries.network.changeSubnet.mutationOptions({ onSuccess }))
  const remove = useMutation(queries.network.removeSubnet.mutationOptions({ onSuccess }))
  const error = add.error ?? change.error ?? remove.error
  const wanted = { ...fields, gateway: fields.gateway.trim() || null }
  const { errorOf, trySave } = useChecked(subnetInput, wanted)
  const set = (patch: Partial<typeof fields>) => setFields({ ...fields, ...patch })
  const submit = () => {
    if (!trySave()) return
    if (subnet) change.mutate({ ...wanted, subnetId: subnet.id, revision: subnet.revision })
    else add.mutate(wanted)
  }
  return (
    <Modal
      open
      className="network-form"
      title={subnet ? t('editSubnet', { cidr: subnet.cidr }) : t('addSubnet')}
      onCancel={onClose}
      footer={
        <div className="form-actions">
          {subnet && (
            <Popconfirm title={t('removeQuestion', { cidr: subnet.cidr })} onConfirm={() => remove.mutate({ subnetId: subnet.id })}>
              <Button danger loading={remove.isPending}>
                {t('removeSubnet')}
              </Button>
            </Popconfirm>
          )}
          <Button onClick={onClose}>{common('common.cancel')}</Button>
          <Button type="primary" loading={add.isPending || change.isPending} data-testid="subnet-save" onClick={submit}>
            {common('common.save')}
          </Button>
        </div>
      }
    >
      {error && <Alert type="error" showIcon title={words.error(error)} />}
      <Field label={t('cidr')} required error={errorOf('cidr')} hint={t('cidrHint')}>
        <Input value={fields.cidr} className="mono" data-testid="subnet-cidr" onChange={({ target }) => set({ cidr: target.value })} />
      </Field>
      <Field label={t('name')} required error={errorOf('name')}>
        <Input value={fields.name} data-testid="subnet-name" onChange={({ target }) => set({ name: target.value })} />
      </Field>
      <Field label={t('vlan')} error={errorOf('vlan')}>
        <InputNumber value={fields.vlan} min={1} max={4094} onChange={(vlan) => set({ vlan })} />
      </Field>
      <Field label={t('gateway')} error={errorOf('gateway')}>
        <Input value={fields.gateway} className="mono" onChange={({ target }) => set({ gateway: target.value })} />
      </Field>
      <Field label={t('purpose')} error={errorOf('purpose')}>
        <Input value={fields.purpose} onChange={({ target }) => set({ purpose: target.value })} />
      </Field>
      <Field label={t('remark')} error={errorOf('note')}>
        <Input.TextArea value={fields.note} autoSize={{ minRows: 2 }} onChange={({ target }) => set({ note: target.value })} />
      </Field>
    </Modal>
  )
}
