import type { Room } from '@roomkeeper/shared/http'
import { ROOM_CLASS_NAMES } from '@roomkeeper/shared/model'
import { useMutation } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'

/** Add a room, or change one. The class decides the default limits. */
export function RoomDialog({ room, onSaved, onClose }: { room?: Room; onSaved?: (room: Room) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [site, setSite] = useState(room?.site ?? '')
  const [name, setName] = useState(room?.name ?? '')
  const [roomClass, setRoomClass] = useState(room?.class ?? 'computer-room')
  const [isTried, setIsTried] = useState(false)
  const onSuccess = (saved: Room) => {
    refetchTopic('rooms')
    onSaved?.(saved)
    onClose()
  }
  const create = useMutation(queries.rooms.create.mutationOptions({ onSuccess }))
  const update = useMutation(queries.rooms.update.mutationOptions({ onSuccess }))
  const error = create.error ?? update.error

  function save(): void {
    setIsTried(true)
    if (!site.trim() || !name.trim()) return
    const body = { site: site.trim(), name: name.trim(), class: roomClass }
    if (room) update.mutate({ roomId: room.id, ...body })
    else create.mutate(body)
  }

  return (
    <FormDialog
      title={room ? t('room.edit') : t('room.add')}
      error={error}
      isSaving={create.isPending || update.isPending}
      onSave={save}
      onClose={onClose}
    >
      <Field label={t('room.site')} required error={isTried && !site.trim() ? t('errors.required') : undefined}>
        <Input value={site} maxLength={100} data-testid="room-site" onChange={(event) => setSite(event.target.value)} />
      </Field>
      <Field label={t('room.name')} required error={isTried && !name.trim() ? t('errors.required') : undefined}>
        <Input value={name} maxLength={100} data-testid="room-name" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('room.class')} hint={t('room.classHint')}>
        <Select
          value={roomClass}
          style={{ width: '100%' }}
          options={ROOM_CLASS_NAMES.map((value) => ({ value, label: words.roomClass(value) }))}
          onChange={setRoomClass}
        />
      </Field>
    </FormDialog>
  )
}
