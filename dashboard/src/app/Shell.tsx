import {
  AlertOutlined,
  ApartmentOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BookOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  ClusterOutlined,
  FileDoneOutlined,
  FileSearchOutlined,
  FileTextOutlined,
  FunnelPlotOutlined,
  HddOutlined,
  LineChartOutlined,
  MenuOutlined,
  MessageOutlined,
  SafetyCertificateOutlined,
  ScheduleOutlined,
  SlidersOutlined,
  TeamOutlined,
  ToolOutlined,
} from '@ant-design/icons'
import { isAllowed } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, NavLink, Outlet, useLocation } from 'react-router'
import { queries } from '../client/api.ts'
import { useMe } from '../client/session.ts'
import { AlarmAnnouncer } from '../features/alarms/AlarmAnnouncer.tsx'
import { useOpenAlarms } from '../features/alarms/use-open-alarms.ts'
import { IncidentReminder } from '../features/incidents/IncidentReminder.tsx'
import { useIncidentQueue } from '../features/incidents/use-incident-queue.ts'
import { DesktopNotices } from '../features/sound/DesktopNotices.tsx'
import { SoundBanner, SoundState } from '../features/sound/SoundState.tsx'
import { useSound } from '../features/sound/use-sound.ts'
import { loadTexts } from '../i18n/index.ts'
import { Loading } from '../ui/states.tsx'
import { AlarmsUnknownBanner, ConnectionBanner, ConnectionLamp } from './ConnectionBanner.tsx'
import { DutySwitch } from './DutySwitch.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { NAVIGATION, NAVIGATION_GROUPS, type NavigationName, PHONE_NAMES } from './navigation.ts'
import { UserMenu } from './UserMenu.tsx'
import './shell.css'

const loadIncidentDrawer = async () => (await Promise.all([import('../features/incidents/IncidentDrawer.tsx'), loadTexts('incidents')]))[0]
const IncidentDrawer = lazy(async () => ({ default: (await loadIncidentDrawer()).IncidentDrawer }))

const OfflineLines = lazy(async () => {
  const [part] = await Promise.all([import('../features/offline/OfflineLines.tsx'), loadTexts('inspection')])
  return { default: part.OfflineLines }
})

const ICONS: Record<NavigationName, ReactNode> = {
  overview: <AppstoreOutlined />,
  alarms: <AlertOutlined />,
  incidents: <FileTextOutlined />,
  inspections: <CheckSquareOutlined />,
  registers: <BookOutlined />,
  calendar: <ScheduleOutlined />,
  notices: <MessageOutlined />,
  roster: <CalendarOutlined />,
  maintenance: <ToolOutlined />,
  proof: <SafetyCertificateOutlined />,
  alarmQuality: <FunnelPlotOutlined />,
  history: <LineChartOutlined />,
  reports: <FileSearchOutlined />,
  pack: <FileDoneOutlined />,
  devices: <ClusterOutlined />,
  network: <ApartmentOutlined />,
  limits: <SlidersOutlined />,
  agents: <HddOutlined />,
  accounts: <TeamOutlined />,
  audit: <AuditOutlined />,
}

export function Shell() {
  const { t } = useTranslation()
  const me = useMe()
  const { pathname } = useLocation()
  const [isMoreOpen, setIsMoreOpen] = useState(false)
  const openAlarms = useOpenAlarms()
  const queue = useIncidentQueue()
  const sound = useSound(openAlarms.alarms)
  const unacknowledged = openAlarms.unacknowledged.length
  const overdue = useQuery(queries.registers.due.queryOptions()).data?.filter((item) => item.overdue && item.mine).length ?? 0

  // Fetched beforehand: a form must also open when the server has been updated, or answers slowly, since this page was loaded.
  useEffect(() => void loadIncidentDrawer().catch(() => undefined), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the phone's menu
  useEffect(() => setIsMoreOpen(false), [pathname])
  useEffect(() => {
    document.title = `${unacknowledged > 0 ? `(${unacknowledged}) ` : ''}${t('app.title')}`
  }, [unacknowledged, t])

  const entries = NAVIGATION.filter((entry) => isAllowed(me.roles, entry.permission))
  const watchesAlarms = isAllowed(me.roles, 'alarms.read')
  // Who may not see the rooms (an information officer) begins at the registers.
  const isElsewhere = pathname === '/' && !isAllowed(me.roles, 'readings.read')
  const badges: Partial<Record<NavigationName, number>> = { alarms: unacknowledged, incidents: queue.open.length, registers: overdue }
  const badgeOf = (name: NavigationName) => badges[name] ?? 0
  const linkOf = ({ path, name }: (typeof entries)[number]) => (
    <NavLink key={path} to={path} end={path === '/'} className="nav-link">
      <span className="nav-icon" aria-hidden="true">
        {ICONS[name]}
      </span>
      <span className="nav-text">{t(`nav.${name}`)}</span>
      {badgeOf(name) > 0 && <span className={`nav-badge nav-badge-${name}`}>{badgeOf(name)}</span>}
    </NavLink>
  )
  const behindMore = entries.filter(({ name }) => !PHONE_NAMES.has(name))
  const grouped = (shown: typeof entries) =>
    NAVIGATION_GROUPS.map((group) => {
      const links = shown.filter((entry) => entry.group === group)
      return (
        links.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: links under a heading, not fields of a form
          <div key={group} role="group" aria-label={t(`nav.group.${group}`)} className="nav-group">
            <div className="nav-heading" aria-hidden="true">
              {t(`nav.group.${group}`)}
            </div>
            {links.map(linkOf)}
          </div>
        )
      )
    })

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('app.skip')}
      </a>
      <nav className="shell-nav" aria-label={t('app.menu')}>
        <NavLink to="/" className="brand">
          <img src="/favicon.svg" alt="" width="26" height="26" />
          <span>{t('app.name')}</span>
        </NavLink>
        {grouped(entries)}
      </nav>
      <div className="shell-body">
        <header className="shell-bar">
          <NavLink to="/" className="brand brand-phone" aria-label={t('app.name')}>
            <img src="/favicon.svg" alt="" width="24" height="24" />
          </NavLink>
          <ConnectionLamp />
          <span className="bar-space" />
          <IncidentReminder queue={queue} />
          {watchesAlarms && <SoundState sound={sound} />}
          {watchesAlarms && <DutySwitch />}
          <LanguageSwitch />
          <UserMenu me={me} />
        </header>
        <ConnectionBanner />
        <AlarmsUnknownBanner openAlarms={openAlarms} />
        <Suspense>
          <OfflineLines />
        </Suspense>
        <SoundBanner sound={sound} />
        {openAlarms.isLoaded && <DesktopNotices alarms={openAlarms.alarms} />}
        <div className="shell-row">
          <main id="main" className="shell-main" tabIndex={-1}>
            <Suspense fallback={<Loading />}>{isElsewhere ? <Navigate to="/registers" replace /> : <Outlet />}</Suspense>
          </main>
          <div id="side-panels" className="side-panels" />
        </div>
      </div>
      <nav className="bottom-bar" aria-label={t('app.menu')}>
        {entries.filter(({ name }) => PHONE_NAMES.has(name)).map(linkOf)}
        {behindMore.length > 0 && (
          <button type="button" className="nav-link" aria-expanded={isMoreOpen} onClick={() => setIsMoreOpen(!isMoreOpen)}>
            <span className="nav-icon" aria-hidden="true">
              <MenuOutlined />
            </span>
            <span className="nav-text">{t('nav.more')}</span>
          </button>
        )}
        {isMoreOpen && <div className="bottom-more">{grouped(behindMore)}</div>}
      </nav>
      {openAlarms.isLoaded && <AlarmAnnouncer alarms={openAlarms.alarms} />}
      {queue.shown && (
        <Suspense>
          <IncidentDrawer queue={queue} />
        </Suspense>
      )}
    </div>
  )
}
