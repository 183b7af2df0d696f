import { CheckCircleFilled, DisconnectOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import type { Alarm, RoomOverview } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityShape } from '../../ui/PriorityMark.tsx'
import { type RoomState, roomState } from '../overview/room-state.ts'
import { AlarmLines } from './AlarmLines.tsx'

interface Props {
  rooms: readonly RoomOverview[]
  alarms: readonly Alarm[]
  isKnown: boolean
}

/** Every room as one block, in the order of the list so that each keeps its place. */
export function AllRoomsSlide({ rooms, alarms, isKnown }: Props) {
  const columns = Math.ceil(Math.sqrt(rooms.length))
  return (
    <section className="wall-all" data-testid="wall-all">
      <ul className="wall-blocks" style={{ '--columns': columns } as React.CSSProperties}>
        {rooms.map((room) => (
          <Block key={room.id} room={room} state={roomState(room, !isKnown)} />
        ))}
      </ul>
      <div className="wall-standing">
        <AlarmLines alarms={alarms} isKnown={isKnown} most={3} withRoom />
      </div>
    </section>
  )
}

function Block({ room, state }: { room: RoomOverview; state: RoomState }) {
  const { t } = useTranslation('wall')
  return (
    <li className={`wall-block wall-tone-${state}`} data-testid={`wall-block-${room.id}`} data-state={state}>
      <span className="wall-block-name">{room.name}</span>
      <StateWord state={state} />
      {room.alarms.unacknowledged > 0 && (
        <span className="wall-block-note">{t('unacknowledged', { count: room.alarms.unacknowledged })}</span>
      )}
    </li>
  )
}

function StateWord({ state }: { state: RoomState }) {
  const { t } = useTranslation('wall')
  const { t: tAll } = useTranslation()
  const words = useWords()
  switch (state) {
    case 'critical':
    case 'high':
    case 'medium':
    case 'low':
      return (
        <b className="wall-state">
          <PriorityShape priority={state} /> {words.priority(state)}
        </b>
      )
    case 'quiet':
      return (
        <b className="wall-state">
          <CheckCircleFilled /> {t('state.ok')}
        </b>
      )
    case 'cut-off':
      return (
        <b className="wall-state">
          <DisconnectOutlined /> {t('state.lost')}
        </b>
      )
    default:
      return (
        <b className="wall-state">
          <QuestionCircleOutlined /> {tAll(`roomState.${state}`)}
        </b>
      )
  }
}
