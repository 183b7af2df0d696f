import { QrcodeOutlined } from '@ant-design/icons'
import type { RegisterRecord, Schedule } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { InsideList } from '../../features/at-room/InsideList.tsx'
import { useWords } from '../../i18n/use-words.ts'
import { Span } from '../../ui/Time.tsx'
import { useNowMs } from '../../ui/use-now.ts'

const RoomCodeDialog = lazy(async () => ({ default: (await import('./RoomCodeDialog.tsx')).RoomCodeDialog }))

/** Of a room, above its devices: who is inside now, which papers are open, when it is inspected next. */
export function RoomRecords({ roomId }: { roomId: number }) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const mayPrint = useMay('rooms.write')
  const maySchedules = useMay('schedules.read')
  const [isPrinting, setIsPrinting] = useState(false)
  const room = useQuery(queries.registers.room.queryOptions({ input: { roomId } }))
  const definitions = useQuery(queries.registers.definitions.queryOptions())
  const schedules = useQuery({ ...queries.schedules.list.queryOptions(), enabled: maySchedules })
  const nowMs = useNowMs()
  if (!room.data) return null
  const { inside, name } = room.data
  const insideIds = new Set(inside.map(({ recordId }) => recordId))
  const open = (room.data.open as RegisterRecord[]).filter(({ id }) => !insideIds.has(id))
  const next = (schedules.data as Schedule[] | undefined)?.find((each) => each.register === 'inspection' && each.roomId === roomId)
  const leftMs = next ? next.dueAtMs - nowMs : 0
  const titleOf = (register: string) => {
    const title = (definitions.data as { definition: { name: string; title: { zh: string; en: string } } }[] | undefined)?.find(
      ({ definition }) => definition.name === register,
    )?.definition.title
    return title ? words.of(title) : register
  }
  return (
    <section className="panel room-records" aria-label={t('room.inside')} data-testid="room-records">
      <div className="panel-head">
        <h2>{t('room.inside')}</h2>
        {next && (
          <Link to="/inspections" className={leftMs < 0 ? 'mark mark-high' : 'mark mark-plain'}>
            {leftMs < 0 ? `${t('room.next')} ${t('room.overdueBy')}` : t('room.nextIn')} <Span ms={leftMs} />
          </Link>
        )}
        {mayPrint && (
          <Button
            size="small"
            className="room-code-button"
            icon={<QrcodeOutlined />}
            onClick={() => setIsPrinting(true)}
            data-testid="room-code-open"
          >
            {t('code.open')}
          </Button>
        )}
      </div>
      <InsideList inside={inside} />
      {open.length > 0 && (
        <div className="room-open">
          <span className="muted">{t('room.open')}</span>
          {open.map((record) => (
            <Link
              key={record.id}
              to={record.register === 'inspection' ? `/inspections/${record.id}` : `/registers/${record.register}/${record.id}`}
              className={record.overdue ? 'mark mark-critical' : 'mark mark-plain'}
            >
              {titleOf(record.register)} {record.number}
            </Link>
          ))}
        </div>
      )}
      {isPrinting && (
        <Suspense>
          <RoomCodeDialog roomId={roomId} name={name} onClose={() => setIsPrinting(false)} />
        </Suspense>
      )}
    </section>
  )
}
