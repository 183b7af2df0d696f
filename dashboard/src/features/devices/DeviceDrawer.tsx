import { useQuery } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { watchRooms } from '../../client/connection.ts'
import { useWords } from '../../i18n/use-words.ts'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { QueryView } from '../../ui/states.tsx'
import { DeviceForm } from './DeviceForm.tsx'
import './devices.css'

/** One device: what it is, its names and room, its interval, its calibrations. New devices are confirmed here. */
export function DeviceDrawer({ deviceId, pointId, onClose }: { deviceId: number; pointId?: number; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const query = useQuery(queries.devices.get.queryOptions({ input: { deviceId } }))
  const roomId = query.data?.device.roomId
  useEffect(() => (roomId === undefined ? undefined : watchRooms([roomId])), [roomId])
  const name = query.data ? words.device(query.data.device) : t('devices.device')
  const [isDirty, setIsDirty] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const close = (): void => {
    // Not at once: the Escape that was pressed here would close the question as well.
    if (isDirty) setTimeout(() => setIsAsking(true))
    else onClose()
  }
  return (
    <SidePanel takesFocus onClose={close} title={name} label={name} className="device-drawer">
      <QueryView query={query}>
        {(detail) => <DeviceForm detail={detail} openPointId={pointId} onDirty={setIsDirty} onClose={onClose} />}
      </QueryView>
      <Modal
        open={isAsking}
        title={t('devices.discardQuestion')}
        okText={t('devices.discard')}
        okButtonProps={{ danger: true }}
        cancelText={t('devices.keepEditing')}
        onOk={onClose}
        onCancel={() => setIsAsking(false)}
      />
    </SidePanel>
  )
}
