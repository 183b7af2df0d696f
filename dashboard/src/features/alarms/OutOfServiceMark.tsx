import { ToolOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useMay } from '../../client/session.ts'
import { shortTimeText } from '../../i18n/format.ts'
import { silencedOf } from './device-silence.ts'

/** The alarms of a device call nobody now: it or its room is out of service, or in a maintenance window. */
export function OutOfServiceMark({ device }: { device: { id: number; roomId: number } }) {
  const { t } = useTranslation()
  const enabled = useMay('alarms.read')
  const holds = useQuery({ ...queries.life.holds.queryOptions({ input: { scope: 'open' } }), enabled }).data
  const windows = useQuery({ ...queries.life.windows.queryOptions(), enabled }).data
  const silence = silencedOf(device, holds ?? [], windows ?? [])
  if (!silence) return null
  return (
    <span className="mark mark-medium" title={silence.reason} data-testid={`out-of-service-${device.id}`}>
      <ToolOutlined />{' '}
      {silence.untilMs === null ? t('alarms.out') : t('alarms.outUntil', { time: shortTimeText(silence.untilMs, serverClock.nowMs()) })}
    </span>
  )
}
