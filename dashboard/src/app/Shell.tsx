import {
  AlertOutlined,
  AppstoreOutlined,
  AuditOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  ClusterOutlined,
  FileTextOutlined,
  FunnelPlotOutlined,
  HddOutlined,
  LineChartOutlined,
  MenuOutlined,
  MessageOutlined,
  SafetyCertificateOutlined,
  SlidersOutlined,
  TeamOutlined,
  ToolOutlined,
} from '@ant-design/icons'
import { isAllowed } from '@roomkeeper/shared/model'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useLocation } from 'react-router'
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
import { ConnectionBanner, ConnectionLamp } from './ConnectionBanner.tsx'
import { DutySwitch } from './DutySwitch.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { NAVIGATION, type NavigationName, PHONE_NAMES } from './navigation.ts'
import { UserMenu } from './UserMenu.tsx'
import './shell.css'

const loadIncidentDrawer = async () => (await Promise.all([import('../features/incidents/IncidentDrawer.tsx'), loadTexts('incidents')]))[0]
const IncidentDrawer = lazy(async () => ({ default: (await loadIncidentDrawer()).IncidentDrawer }))

const ICONS: Record<NavigationName, ReactNode> = {
  overview: <AppstoreOutlined />,
  alarms: <AlertOutlined />,
  incidents: <FileTextOutlined />,
  inspections: <CheckSquareOutlined />,
  notices: <MessageOutlined />,
  roster: <CalendarOutlined />,
  maintenance: <ToolOutlined />,
  proof: <SafetyCertificateOutlined />,
  alarmQuality: <FunnelPlotOutlined />,
  history: <LineChartOutlined />,
  devices: <ClusterOutlined />,
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

  // Fetched beforehand: a form must also open when the server has been updated, or answers slowly, since this page was loaded.
  useEffect(() => void loadIncidentDrawer().catch(() => undefined), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the phone's menu
  useEffect(() => setIsMoreOpen(false), [pathname])
  useEffect(() => {
    document.title = `${unacknowledged > 0 ? `(${unacknowledged}) ` : ''}${t('app.title')}`
  }, [unacknowledged, t])

  const entries = NAVIGATION.filter((entry) => isAllowed(me.roles, entry.permission))
  const badgeOf = (name: NavigationName) => (name === 'alarms' ? unacknowledged : name === 'incidents' ? queue.open.length : 0)
  const linkOf = ({ path, name }: (typeof entries)[number]) => (
    <NavLink key={path} to={path} end={path === '/'} className="nav-link">
      <span className="nav-icon" aria-hidden="true">
        {ICONS[name]}
      </span>
      <span className="nav-text">{t(`nav.${name}`)}</span>
      {badgeOf(name) > 0 && <span className={`nav-badge nav-badge-${name}`}>{badgeOf(name)}</span>}
    </NavLink>
  )

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
        {entries.map(linkOf)}
      </nav>
      <div className="shell-body">
        <header className="shell-bar">
          <NavLink to="/" className="brand brand-phone" aria-label={t('app.name')}>
            <img src="/favicon.svg" alt="" width="24" height="24" />
          </NavLink>
          <ConnectionLamp />
          <span className="bar-space" />
          <IncidentReminder queue={queue} />
          <SoundState sound={sound} />
          <DutySwitch />
          <LanguageSwitch />
          <UserMenu me={me} />
        </header>
        <ConnectionBanner />
        <SoundBanner sound={sound} />
        {openAlarms.isLoaded && <DesktopNotices alarms={openAlarms.alarms} />}
        <div className="shell-row">
          <main id="main" className="shell-main" tabIndex={-1}>
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </main>
          <div id="side-panels" className="side-panels" />
        </div>
      </div>
      <nav className="bottom-bar" aria-label={t('app.menu')}>
        {entries.filter(({ name }) => PHONE_NAMES.has(name)).map(linkOf)}
        <button type="button" className="nav-link" aria-expanded={isMoreOpen} onClick={() => setIsMoreOpen(!isMoreOpen)}>
          <span className="nav-icon" aria-hidden="true">
            <MenuOutlined />
          </span>
          <span className="nav-text">{t('nav.more')}</span>
        </button>
        {isMoreOpen && <div className="bottom-more">{entries.filter(({ name }) => !PHONE_NAMES.has(name)).map(linkOf)}</div>}
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
