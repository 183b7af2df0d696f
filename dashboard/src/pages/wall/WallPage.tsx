import {
  CompressOutlined,
  ExpandOutlined,
  LeftOutlined,
  PauseCircleOutlined,
  PlayCircleOutlined,
  RightOutlined,
  RollbackOutlined,
} from '@ant-design/icons'
import type { RoomOverview } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import dayjs from 'dayjs'
import { type ReactNode, useCallback, useEffect, useMemo, useReducer } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { useConnection, watchRooms } from '../../client/connection.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { newVersionStore, startUpdates, takeOver } from '../../client/offline/updates.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { useOpenAlarms } from '../../features/alarms/use-open-alarms.ts'
import { SoundState } from '../../features/sound/SoundState.tsx'
import { useSound } from '../../features/sound/use-sound.ts'
import { CountdownBandsLazily } from '../../features/thermal/thermal-lazily.tsx'
import { QueryView } from '../../ui/states.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { AllRoomsSlide } from './AllRoomsSlide.tsx'
import { RoomSlide } from './RoomSlide.tsx'
import { FIRST_ROTATION, type Rotation, rotate } from './rotation.ts'
import { toggleFullScreen, useWakeLock, useWallKeys, type WallKey } from './use-screen.ts'
import { WallNotice } from './WallNotice.tsx'
import { isAnswerOld, isNight, mayReload, type WallSettings, wallSettings } from './wall-rules.ts'
import './wall.css'
import './wall-colours.css'

/** For a monitor that nobody touches for weeks: the rooms in turn, an alarm at once, and never an old value as if it were new. */
export function WallPage() {
  const { t } = useTranslation('wall')
  const [params] = useSearchParams()
  const settings = useMemo(() => wallSettings(params), [params])
  const query = useQuery(roomsQuery())
  const night = isNight(settings.mode, dayjs(useNowMs()).hour())
  useWakeLock()
  return (
    <div className={`wall ${night ? 'wall-night' : 'wall-day'}`} data-testid="wall">
      <h1 className="wall-hidden">{t('title')}</h1>
      <QueryView query={query}>{(rooms) => <Rooms all={rooms} settings={settings} answeredAtMs={query.dataUpdatedAt} />}</QueryView>
    </div>
  )
}

function Rooms({ all, settings, answeredAtMs }: { all: readonly RoomOverview[]; settings: WallSettings; answeredAtMs: number }) {
  const { t } = useTranslation('wall')
  const wanted = all.filter(({ id }) => settings.roomIds.includes(id))
  const rooms = wanted.length > 0 ? wanted : all
  const roomIds = rooms.map(({ id }) => id).join()
  const openAlarms = useOpenAlarms()
  const { alarms } = openAlarms
  const nowMs = useNowMs()
  // `answeredAtMs` is by this computer's clock; rendered each second by the line above.
  const isOld = isAnswerOld(answeredAtMs, Date.now())
  const isLive = useConnection().phase === 'live'
  const isKnown = isLive && openAlarms.isLoaded && !openAlarms.isFailing && !isOld
  const [rotation, dispatch] = useReducer(rotate, FIRST_ROTATION)
  const shownAlarms = useMemo(() => {
    const shown = new Set(roomIds.split(',').map(Number))
    return alarms.filter(({ roomId }) => roomId === null || shown.has(roomId))
  }, [alarms, roomIds])

  useEffect(() => (roomIds === '' ? undefined : watchRooms(roomIds.split(',').map(Number))), [roomIds])
  useEffect(() => {
    dispatch({ type: 'facts', roomIds: roomIds === '' ? [] : roomIds.split(',').map(Number), alarms: shownAlarms })
  }, [roomIds, shownAlarms])
  const { turn, isPaused } = rotation
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn has its own time
  useEffect(() => {
    if (isPaused) return
    const timer = setTimeout(() => dispatch({ type: 'next' }), settings.seconds * 1000)
    return () => clearTimeout(timer)
  }, [turn, isPaused, settings.seconds])
  const onKey = useCallback((key: WallKey) => (key === 'fullScreen' ? toggleFullScreen() : dispatch({ type: key })), [])
  useWallKeys(onKey)
  useNightlyVersion(openAlarms.isLoaded ? alarms.length : 1, isLive, dayjs(nowMs).hour())

  const roomId = rotation.order[rotation.index] ?? null
  const room = rooms.find(({ id }) => id === roomId)
  return (
    <>
      <header className="wall-head">
        <span className="wall-title">{room?.name ?? t('allRooms')}</span>
        <time className="wall-clock" data-testid="wall-clock">
          {isLive ? dayjs(nowMs).format('HH:mm:ss') : '--:--:--'}
        </time>
      </header>
      <WallNotice rooms={rooms} isAnswerOld={isOld} areAlarmsUnknown={openAlarms.isFailing} />
      {isKnown && <CountdownBandsLazily rooms={rooms} />}
      {settings.roomIds.length > 0 && wanted.length === 0 && <p className="wall-doubt">{t('roomsWrong')}</p>}
      {rooms.length === 0 ? (
        <p className="wall-doubt">{t('noRooms')}</p>
      ) : room ? (
        <RoomSlide key={room.id} room={room} alarms={shownAlarms} isKnown={isKnown} />
      ) : (
        <AllRoomsSlide rooms={rooms} alarms={shownAlarms} isKnown={isKnown} />
      )}
      <footer className="wall-foot">
        <Controls rotation={rotation} onKey={onKey} />
        <Sound />
      </footer>
      <div className="wall-progress" data-testid="wall-progress" data-turn={turn} aria-hidden="true">
        {!isPaused && <span key={turn} style={{ animationDuration: `${settings.seconds}s` }} />}
      </div>
    </>
  )
}

function Sound() {
  return <SoundState sound={useSound(useOpenAlarms().alarms)} />
}

function Controls({ rotation, onKey }: { rotation: Rotation; onKey: (key: WallKey) => void }) {
  const { t } = useTranslation('wall')
  const { isPaused } = rotation
  const button = (key: WallKey, label: string, icon: ReactNode) => (
    <button
      type="button"
      title={label}
      aria-label={label}
      data-testid={`wall-${key}`}
      onClick={(event) => {
        // After a click with the mouse the space bar pauses again.
        if (event.detail > 0) event.currentTarget.blur()
        onKey(key)
      }}
    >
      {icon}
    </button>
  )
  return (
    <>
      <Link to="/" title={t('controls.leave')} aria-label={t('controls.leave')}>
        <RollbackOutlined />
      </Link>
      {button('previous', t('controls.previous'), <LeftOutlined />)}
      {button('pause', t(isPaused ? 'controls.resume' : 'controls.pause'), isPaused ? <PlayCircleOutlined /> : <PauseCircleOutlined />)}
      {button('next', t('controls.next'), <RightOutlined />)}
      {button('fullScreen', t('controls.fullScreen'), document.fullscreenElement ? <CompressOutlined /> : <ExpandOutlined />)}
      {isPaused && (
        <b className="wall-paused" data-testid="wall-paused">
          {t('paused')}
        </b>
      )}
    </>
  )
}

/** After the first screenful is there: the program is fetched for later without getting in its way. */
const UPDATES_AFTER_MS = 3000

/** Nobody is there to press a button: the wall takes a newer version by itself. */
function useNightlyVersion(alarms: number, isLive: boolean, hour: number): void {
  const worker = useExternalStore(newVersionStore)
  useEffect(() => {
    const timer = setTimeout(() => void startUpdates().catch(() => undefined), UPDATES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  const isTime = mayReload({ hour, alarms, isLive, hasNewVersion: worker !== null })
  useEffect(() => {
    if (isTime && worker) takeOver(worker)
  }, [isTime, worker])
}
