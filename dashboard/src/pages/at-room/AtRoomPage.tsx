import {
  CheckCircleFilled,
  CheckSquareOutlined,
  ExclamationCircleFilled,
  LoginOutlined,
  QrcodeOutlined,
  ToolOutlined,
  UserOutlined,
} from '@ant-design/icons'
import type { RegisterRecord, Schedule } from '@roomkeeper/shared/http'
import type { RegisterDefinition, TableValue } from '@roomkeeper/shared/registers'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { useConnection } from '../../client/connection.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { newClientKey } from '../../client/offline/client-key.ts'
import { askOrKept } from '../../client/offline/kept.ts'
import { keepPaper, papersStore, sendAll } from '../../client/offline/queue.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay, useMe } from '../../client/session.ts'
import { FaultHere } from '../../features/at-room/FaultHere.tsx'
import { InsideList } from '../../features/at-room/InsideList.tsx'
import { MoveHere } from '../../features/at-room/MoveHere.tsx'
import { onePaper } from '../../features/at-room/one-paper.ts'
import { useRoomCode } from '../../features/at-room/use-room-code.ts'
import { beginInspection, UnknownChecklistError } from '../../features/inspection/begin-inspection.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Failure, Loading } from '../../ui/states.tsx'
import { showToast } from '../../ui/toasts.tsx'
import './at-room.css'

type Row = { definition: RegisterDefinition; mayCreate: boolean }

/** What the code printed at a room's door opens: who is inside, and what can be done here. */
export function AtRoomPage() {
  const { t } = useTranslation('inspection')
  const roomId = Number(useParams().roomId)
  const me = useMe()
  const code = useRoomCode(roomId)
  const room = useQuery({
    queryKey: [...queries.registers.room.queryKey({ input: { roomId } }), 'kept'],
    queryFn: ({ signal }) => askOrKept(`room.${me.id}.${roomId}`, () => api.registers.room({ roomId }, { signal })),
  })
  const definitions = useQuery({
    queryKey: [...queries.registers.definitions.queryKey(), 'kept'],
    queryFn: ({ signal }) => askOrKept(`definitions.${me.id}`, () => api.registers.definitions(undefined, { signal }) as Promise<Row[]>),
  })
  const maySee = useMay('readings.read')
  const failed = room.error ?? definitions.error
  if (failed && (!room.data || !definitions.data)) return <Failure error={failed} onRetry={() => void room.refetch()} />
  if (!room.data || !definitions.data) return <Loading />
  const { value, isOld } = room.data
  const here = { id: roomId, name: value.name }
  const rows = definitions.data.value
  return (
    <div className="at-room">
      <PageHead title={value.name} note={t('at.title')}>
        {maySee && <Link to={`/rooms/${roomId}`}>{t('at.room')}</Link>}
      </PageHead>
      <CodeState state={code} />
      {!isOld && (
        <section className="panel">
          <div className="panel-head">
            <h2>{t('at.inside')}</h2>
          </div>
          <InsideList inside={value.inside} />
        </section>
      )}
      <Inspect room={here} rows={rows} open={value.open as RegisterRecord[]} />
      {!isOld && <OpenHere roomId={roomId} rows={rows} open={value.open as RegisterRecord[]} />}
      <IAmHere room={here} rows={rows} open={value.open as RegisterRecord[]} />
      <Fault room={here} rows={rows} />
    </div>
  )
}

function CodeState({ state }: { state: ReturnType<typeof useRoomCode> }) {
  const { t } = useTranslation('inspection')
  if (state === 'checking') return null
  if (state === 'wrong')
    return (
      <div className="at-code at-code-wrong" role="alert" data-testid="room-code" data-state={state}>
        <b>
          <ExclamationCircleFilled /> {t('at.wrong')}
        </b>
        <span>{t('at.wrongHint')}</span>
      </div>
    )
  return (
    <div className={`at-code ${state === 'shown' ? 'at-code-shown' : ''}`} role="status" data-testid="room-code" data-state={state}>
      {state === 'shown' ? <CheckCircleFilled /> : <QrcodeOutlined />} {t(`at.${state}`)}
    </div>
  )
}

interface Part {
  room: { id: number; name: string }
  rows: readonly Row[]
  open: readonly RegisterRecord[]
}

function Inspect({ room, rows, open }: Part) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const isLive = useConnection().phase === 'live'
  const maySchedules = useMay('schedules.read')
  const schedules = useQuery({ ...queries.schedules.list.queryOptions(), enabled: maySchedules && isLive })
  const [isBusy, setIsBusy] = useState(false)
  if (!rows.some(({ definition, mayCreate }) => definition.name === 'inspection' && mayCreate)) return null
  const draft = open.find(({ register, phase }) => register === 'inspection' && phase === 'draft')
  const schedule = (schedules.data as Schedule[] | undefined)?.find((each) => each.register === 'inspection' && each.roomId === room.id)

  async function begin(): Promise<void> {
    if (draft) return void navigate(`/inspections/${draft.id}`)
    setIsBusy(true)
    try {
      await navigate(await beginInspection({ me, room, scheduleId: schedule?.id ?? null, isLive }))
    } catch (error) {
      showToast({ kind: 'error', text: error instanceof UnknownChecklistError ? t('due.notHere') : words.error(error) })
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <button type="button" className="at-action" disabled={isBusy} onClick={() => void begin()} data-testid="at-inspect">
      <CheckSquareOutlined />
      <span>
        <b>{draft ? t('due.goOn') : t('due.begin')}</b>
        <span className="muted">{t('at.inspectionHint')}</span>
      </span>
    </button>
  )
}

/** Records of the room with a step that belongs here: visits to be checked in or out, work to be closed. */
function OpenHere({ roomId, rows, open }: { roomId: number; rows: readonly Row[]; open: readonly RegisterRecord[] }) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const shown = open.flatMap((record) => {
    const definition = rows.find((row) => row.definition.name === record.register)?.definition
    const hasMove = definition?.moves.some(({ name, atRoom, signature }) => atRoom && !signature && record.moves.includes(name))
    return definition && hasMove ? [{ record, definition }] : []
  })
  if (shown.length === 0) return null
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('at.open')}</h2>
      </div>
      <ul className="at-records">
        {shown.map(({ record, definition }) => (
          <li key={record.id} className={record.overdue ? 'at-overdue' : ''} data-testid={`at-record-${record.id}`}>
            <div>
              <b>{words.of(definition.title)}</b> <Link to={`/registers/${record.register}/${record.id}`}>{record.number}</Link>
            </div>
            <div>{record.title}</div>
            <Who definition={definition} record={record} />
            <MoveHere definition={definition} record={record} roomId={roomId} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Who is named in it, to be compared with who stands at the door. */
function Who({ definition, record }: { definition: RegisterDefinition; record: RegisterRecord }) {
  const table = definition.fields.find((field) => field.inList && field.type === 'table')
  const rows = table?.type === 'table' && Array.isArray(record.fields[table.key]) ? (record.fields[table.key] as TableValue) : []
  if (table?.type !== 'table' || rows.length === 0) return null
  const columns = table.columns.filter(({ required }) => required)
  const people = rows.map((row) => columns.flatMap(({ key }) => row[key] ?? []).join(' · '))
  return (
    <ul className="at-who">
      {people.map((person, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else that tells them apart
        <li key={at}>
          <UserOutlined /> {person}
        </li>
      ))}
    </ul>
  )
}

/** Room staff say that they are inside; leaving is among what can be done here. */
function IAmHere({ room, rows, open }: Part) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const me = useMe()
  const isLive = useConnection().phase === 'live'
  const [isBusy, setIsBusy] = useState(false)
  const papers = useExternalStore(papersStore) ?? []
  // One that still waits in this browser counts: nobody goes in twice.
  const isInside =
    open.some(({ register, createdById }) => register === 'work-log' && createdById === me.id) ||
    papers.some(({ register, accountId }) => register === 'work-log' && accountId === me.id)
  if (isInside || !rows.some(({ definition, mayCreate }) => definition.name === 'work-log' && mayCreate)) return null

  async function enter(): Promise<void> {
    setIsBusy(true)
    try {
      const nowMs = Date.now()
      const written = { register: 'work-log', me, about: `${t('at.here')} · ${room.name}`, path: '/registers/work-log', fields: { room } }
      await keepPaper(onePaper({ key: newClientKey(), ...written, waiting: null, nowMs }))
      if (isLive) await sendAll()
      refetchTopic('registers')
    } catch (error) {
      showToast({ kind: 'error', text: words.error(error) })
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <button type="button" className="at-action" disabled={isBusy} onClick={() => void enter()} data-testid="at-here">
      <LoginOutlined />
      <span>
        <b>{t('at.here')}</b>
        <span className="muted">{t('at.hereHint')}</span>
      </span>
    </button>
  )
}

function Fault({ room, rows }: { room: { id: number; name: string }; rows: readonly Row[] }) {
  const { t } = useTranslation('inspection')
  const [isOpen, setIsOpen] = useState(false)
  const row = rows.find(({ definition, mayCreate }) => definition.name === 'fault-report' && mayCreate)
  if (!row) return null
  if (isOpen)
    return (
      <section className="panel at-form">
        <FaultHere definition={row.definition} room={room} onDone={() => setIsOpen(false)} />
      </section>
    )
  return (
    <button type="button" className="at-action" onClick={() => setIsOpen(true)} data-testid="at-fault">
      <ToolOutlined />
      <span>
        <b>{t('at.fault')}</b>
        <span className="muted">{t('at.faultHint')}</span>
      </span>
    </button>
  )
}
