import { PORT_STATES, type Port, portInput } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, AutoComplete, Button, Input, Modal, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { useChecked } from '../../ui/use-checked.ts'
import { AssetChoice } from './AssetChoice.tsx'

const TEXTS = ['vlan', 'cable'] as const

interface Props {
  port: Port | undefined
  /** All of the table: the other end may be one of them. */
  ports: readonly Port[]
  switchName: string
  onClose(): void
}

/** Adds ports (one or a range), changes one, or takes it out. */
export function PortDialog({ port, ports, switchName, onClose }: Props) {
  const { t } = useTranslation('network')
  const { t: common } = useTranslation()
  const words = useWords()
  const rooms = useQuery(queries.rooms.list.queryOptions())
  const [fields, setFields] = useState({
    assetId: port?.assetId ?? null,
    switchName: port?.switchName ?? switchName,
    port: port?.port ?? '',
    label: port?.label ?? '',
    vlan: port?.vlan ?? '',
    state: port?.state ?? ('free' as const),
    peer: port?.peer ?? '',
    peerPort: port?.peerPort ?? '',
    cable: port?.cable ?? '',
    roomId: port?.roomId ?? null,
    note: port?.note ?? '',
  })
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: queries.network.key() })
    onClose()
  }
  const add = useMutation(queries.network.addPorts.mutationOptions({ onSuccess }))
  const change = useMutation(queries.network.changePort.mutationOptions({ onSuccess }))
  const remove = useMutation(queries.network.removePort.mutationOptions({ onSuccess }))
  const error = add.error ?? change.error ?? remove.error
  const { errorOf, trySave } = useChecked(portInput, fields)
  const set = (patch: Partial<typeof fields>) => setFields({ ...fields, ...patch })
  const submit = () => {
    if (!trySave()) return
    if (port) change.mutate({ ...fields, portId: port.id, revision: port.revision })
    else add.mutate(fields)
  }
  const name = port ? `${port.switchName} ${port.port}` : ''
  const switches = [...new Set(ports.map((one) => one.switchName))]
  const there = ports.filter((one) => one.switchName === fields.peer && one.id !== port?.id)
  const chosen = there.find((one) => one.port === fields.peerPort)
  const others = chosen?.ends.filter(({ portId }) => portId === null || portId !== port?.id) ?? []
  return (
    <Modal
      open
      className="network-form"
      title={port ? t('editPort', { name }) : t('addPorts')}
      onCancel={onClose}
      footer={
        <div className="form-actions">
          {port && (
            <Popconfirm title={t('removePortQuestion', { name })} onConfirm={() => remove.mutate({ portId: port.id })}>
              <Button danger loading={remove.isPending}>
                {t('removePort')}
              </Button>
            </Popconfirm>
          )}
          <Button onClick={onClose}>{common('common.cancel')}</Button>
          <Button type="primary" loading={add.isPending || change.isPending} data-testid="port-save" onClick={submit}>
            {common('common.save')}
          </Button>
        </div>
      }
    >
      {error && <Alert type="error" showIcon title={words.error(error)} />}
      <Field label={t('switchName')} required error={errorOf('switchName')}>
        <Input value={fields.switchName} data-testid="port-switch" onChange={({ target }) => set({ switchName: target.value })} />
      </Field>
      <Field label={t('port')} required error={errorOf('port')} hint={port ? undefined : t('portHint')}>
        <Input value={fields.port} className="mono" data-testid="port-name" onChange={({ target }) => set({ port: target.value })} />
      </Field>
      <Field label={t('state')} required>
        <Select
          value={fields.state}
          options={PORT_STATES.map((value) => ({ value, label: t(`portStates.${value}`) }))}
          onChange={(state) => set({ state })}
        />
      </Field>
      <Field label={t('peer')} error={errorOf('peer')} hint={t('peerHint')}>
        <AutoComplete
          value={fields.peer}
          options={matching(switches, fields.peer)}
          data-testid="port-peer"
          onChange={(peer: string) => set({ peer })}
        />
      </Field>
      <Field
        label={t('peerPort')}
        error={errorOf('peerPort')}
        hint={
          others.length > 0
            ? t('peerTaken', { ends: others.map((end) => [end.name, end.port].filter(Boolean).join(' ')).join('、') })
            : chosen
              ? t('peerLinked')
              : undefined
        }
      >
        <AutoComplete
          value={fields.peerPort}
          options={matching(
            there.map((one) => one.port),
            fields.peerPort,
          )}
          data-testid="port-peerPort"
          onChange={(peerPort: string) => set({ peerPort })}
        />
      </Field>
      {TEXTS.map((key) => (
        <Field key={key} label={t(key)} error={errorOf(key)}>
          <Input value={fields[key]} data-testid={`port-${key}`} onChange={({ target }) => set({ [key]: target.value })} />
        </Field>
      ))}
      <Field label={t('label')} error={errorOf('label')} hint={t('labelHint')}>
        <Input value={fields.label} onChange={({ target }) => set({ label: target.value })} />
      </Field>
      <Field label={t('room')}>
        <Select
          allowClear
          value={fields.roomId}
          options={rooms.data?.map((room) => ({ value: room.id, label: room.name })) ?? []}
          onChange={(roomId?: number) => set({ roomId: roomId ?? null })}
        />
      </Field>
      <Field label={t('asset')}>
        <AssetChoice value={fields.assetId} label={port?.assetNumber ?? null} onChange={(assetId) => set({ assetId })} />
      </Field>
      <Field label={t('remark')} error={errorOf('note')}>
        <Input.TextArea value={fields.note} autoSize={{ minRows: 2 }} onChange={({ target }) => set({ note: target.value })} />
      </Field>
    </Modal>
  )
}

/** What is written so far may be anything; once it is one of the choices, all are offered again. */
function matching(choices: readonly string[], text: string) {
  const sought = choices.includes(text) ? '' : text.trim().toLowerCase()
  return choices.filter((choice) => choice.toLowerCase().includes(sought)).map((value) => ({ value }))
}
