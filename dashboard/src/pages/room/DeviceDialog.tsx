import type { Device } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { nameIn } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

/** Rename a device or move it to another room. */
export function DeviceDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const rooms = useQuery(roomsQuery())
  const shownName = nameIn(device, words.language)
  const [name, setName] = useState(shownName)
  // Sent only when it was changed: a name that a person gives replaces the agent's names in both languages.
  const newName = name.trim() === shownName ? undefined : name.trim()
  const [roomId, setRoomId] = useState(device.roomId)
  const update = useMutation(
    queries.rooms.updateDevice.mutationOptions({
      onSuccess: () => {
        refetchTopic('rooms')
        onClose()
      },
    }),
  )
  return (
    <Modal
      open
      title={t('room.editDeviceTitle')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      confirmLoading={update.isPending}
      okButtonProps={{ disabled: !name.trim() }}
      onOk={() => update.mutate({ deviceId: device.id, name: newName, roomId })}
      onCancel={onClose}
    >
      {update.error && <Alert type="error" showIcon title={words.error(update.error)} />}
      <Field label={t('room.deviceName')} required error={name.trim() ? undefined : t('errors.required')} hint={device.path}>
        <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('room.inRoom')} hint={t('room.moveHint')}>
        <Select
          value={roomId}
          style={{ width: '100%' }}
          loading={rooms.isPending}
          options={(rooms.data ?? []).map((room) => ({ value: room.id, label: `${room.site} › ${room.name}` }))}
          onChange={setRoomId}
        />
      </Field>
    </Modal>
  )
}
