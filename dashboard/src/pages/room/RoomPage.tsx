import { EditOutlined } from '@ant-design/icons'
import type { Device, Point } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { watchRooms } from '../../client/connection.ts'
import { roomQuery } from '../../client/room-queries.ts'
import { useMay } from '../../client/session.ts'
import { useHourHistory } from '../../features/charts/use-hour-history.ts'
import { useForecasts } from '../../features/limits/use-forecasts.ts'
import { isNumeric } from '../../features/live/value-text.ts'
import { RoomDialog } from '../../features/rooms/RoomDialog.tsx'
import { ThermalLazily } from '../../features/thermal/thermal-lazily.tsx'
import { loadTexts } from '../../i18n/index.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { DeviceCard } from './DeviceCard.tsx'
import { PointDrawer } from './PointDrawer.tsx'
import './room.css'

const RoomRecords = lazy(async () => {
  const [part] = await Promise.all([import('./RoomRecords.tsx'), loadTexts('inspection')])
  return { default: part.RoomRecords }
})
const RoomPlan = lazy(async () => {
  const [part] = await Promise.all([import('../../features/floor-plan/RoomPlan.tsx'), loadTexts('plan')])
  return { default: part.RoomPlan }
})
const DeviceDrawer = lazy(async () => ({ default: (await import('../../features/devices/DeviceDrawer.tsx')).DeviceDrawer }))

export function RoomPage() {
  const { t } = useTranslation()
  const words = useWords()
  const roomId = Number(useParams().roomId)
  const [search, setSearch] = useSearchParams()
  const query = useQuery(roomQuery(roomId))
  const mayWrite = useMay('rooms.write')
  const [isEditing, setIsEditing] = useState(false)
  useEffect(() => watchRooms([roomId]), [roomId])

  const devices = query.data?.deviceList
  const numericIds = (devices ?? [])
    .flatMap((device) => device.points.filter(({ kind }) => isNumeric(kind)).map(({ id }) => id))
    // Devices in alarm move to the top; the same points in another order would be asked for anew.
    .sort((a, b) => a - b)
    .join()
  const hours = useHourHistory(useMemo(() => (numericIds === '' ? [] : numericIds.split(',').map(Number)), [numericIds]))
  const forecasts = useForecasts(roomId)
  const openPointId = Number(search.get('point')) || null
  const openDeviceId = Number(search.get('device')) || null
  const opened = openPointId === null || openDeviceId !== null ? undefined : findPoint(devices ?? [], openPointId)
  const openDevice = (deviceId: number, pointId?: number) =>
    setSearch({ device: String(deviceId), ...(pointId === undefined ? {} : { point: String(pointId) }) })

  return (
    <QueryView query={query}>
      {(room) => (
        <>
          <PageHead
            title={
              <>
                <Link to="/" className="crumb">
                  {t('nav.overview')}
                </Link>
                <span className="crumb-sign">›</span> {room.name}
              </>
            }
            note={`${room.site} · ${words.roomClass(room.class)}`}
          >
            {mayWrite && (
              <Button icon={<EditOutlined />} onClick={() => setIsEditing(true)}>
                {t('room.edit')}
              </Button>
            )}
          </PageHead>
          {room.deviceList.length > 0 && <ThermalLazily roomId={room.id} />}
          <Suspense>
            <RoomRecords roomId={room.id} />
          </Suspense>
          {room.deviceList.length > 0 && (
            <Suspense>
              <RoomPlan room={room} onOpen={(pointId) => setSearch({ point: String(pointId) })} />
            </Suspense>
          )}
          {room.deviceList.length === 0 ? (
            <div className="panel">
              <Empty>{t('room.noDevices')}</Empty>
            </div>
          ) : (
            room.deviceList.map((device) => (
              <DeviceCard
                key={device.id}
                device={device}
                hours={hours}
                forecasts={forecasts}
                onOpen={(pointId) => setSearch({ point: String(pointId) })}
                onOpenDevice={openDevice}
              />
            ))
          )}
          {opened && (
            <PointDrawer
              key={opened.point.id}
              {...opened}
              forecast={forecasts.get(opened.point.id)}
              onOpenDevice={openDevice}
              onClose={() => setSearch({})}
            />
          )}
          {openDeviceId !== null && (
            <Suspense>
              <DeviceDrawer key={openDeviceId} deviceId={openDeviceId} pointId={openPointId ?? undefined} onClose={() => setSearch({})} />
            </Suspense>
          )}
          {isEditing && <RoomDialog room={room} onClose={() => setIsEditing(false)} />}
        </>
      )}
    </QueryView>
  )
}

function findPoint(devices: readonly Device[], pointId: number): { device: Device; point: Point } | undefined {
  for (const device of devices) {
    const point = device.points.find(({ id }) => id === pointId)
    if (point) return { device, point }
  }
  return undefined
}
