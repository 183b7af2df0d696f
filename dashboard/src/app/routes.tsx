import { createBrowserRouter, type RouteObject } from 'react-router'
import { loadTexts } from '../i18n/index.ts'
import { Loading } from '../ui/states.tsx'
import { PageError } from './PageError.tsx'
import { SessionGate } from './SessionGate.tsx'

/** One line per page; each is loaded when it is first shown. */
const pages: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('../pages/overview/OverviewPage.tsx')).OverviewPage }) },
  {
    path: 'rooms/:roomId/plan',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/floor-plan/PlanPage.tsx'), loadTexts('plan')])
      return { Component: page.PlanPage }
    },
  },
  { path: 'rooms/:roomId', lazy: async () => ({ Component: (await import('../pages/room/RoomPage.tsx')).RoomPage }) },
  {
    path: 'alarms',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/alarms/AlarmsPage.tsx'), loadTexts('life')])
      return { Component: page.AlarmsPage }
    },
  },
  {
    path: 'maintenance',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/maintenance/MaintenancePage.tsx'), loadTexts('life')])
      return { Component: page.MaintenancePage }
    },
  },
  {
    path: 'proof',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/proof/ProofPage.tsx'), loadTexts('life')])
      return { Component: page.ProofPage }
    },
  },
  {
    path: 'alarm-quality',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/alarm-quality/AlarmQualityPage.tsx'), loadTexts('life')])
      return { Component: page.AlarmQualityPage }
    },
  },
  {
    path: 'incidents',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/incidents/IncidentsPage.tsx'), loadTexts('incidents')])
      return { Component: page.IncidentsPage }
    },
  },
  {
    path: 'incidents/:incidentId',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/incidents/IncidentPage.tsx'), loadTexts('incidents')])
      return { Component: page.IncidentPage }
    },
  },
  {
    path: 'inspections',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/inspections/InspectionsPage.tsx'), loadTexts('inspection')])
      return { Component: page.InspectionsPage }
    },
  },
  {
    path: 'at/:roomId',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/at-room/AtRoomPage.tsx'), loadTexts('inspection')])
      return { Component: page.AtRoomPage }
    },
  },
  {
    path: 'inspections/checklists',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/inspections/ChecklistsPage.tsx'), loadTexts('inspection')])
      return { Component: page.ChecklistsPage }
    },
  },
  {
    path: 'inspections/:recordId',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/inspections/InspectionPage.tsx'), loadTexts('inspection'), loadTexts('registers')])
      return { Component: page.InspectionPage }
    },
  },
  {
    path: 'calendar',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/calendar/CalendarPage.tsx'), loadTexts('schedules')])
      return { Component: page.CalendarPage }
    },
  },
  {
    path: 'notices',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/notices/NoticesPage.tsx'), loadTexts('notices')])
      return { Component: page.NoticesPage }
    },
  },
  {
    path: 'roster',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/roster/RosterPage.tsx'), loadTexts('notices')])
      return { Component: page.RosterPage }
    },
  },
  {
    path: 'pack',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/pack/PackPage.tsx'), loadTexts('pack')])
      return { Component: page.PackPage }
    },
  },
  {
    path: 'reports',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/reports/ReportsPage.tsx'), loadTexts('reports')])
      return { Component: page.ReportsPage }
    },
  },
  {
    path: 'history',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/history/HistoryPage.tsx'), loadTexts('history')])
      return { Component: page.HistoryPage }
    },
  },
  {
    path: 'limits',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/limits/LimitsPage.tsx'), loadTexts('limits')])
      return { Component: page.LimitsPage }
    },
  },
  {
    path: 'network',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/network/NetworkPage.tsx'), loadTexts('network')])
      return { Component: page.NetworkPage }
    },
  },
  {
    path: 'start',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/start/StartPage.tsx'), loadTexts('start')])
      return { Component: page.StartPage }
    },
  },
  { path: 'devices', lazy: async () => ({ Component: (await import('../pages/devices/DevicesPage.tsx')).DevicesPage }) },
  { path: 'agents', lazy: async () => ({ Component: (await import('../pages/agents/AgentsPage.tsx')).AgentsPage }) },
  { path: 'accounts', lazy: async () => ({ Component: (await import('../pages/accounts/AccountsPage.tsx')).AccountsPage }) },
  {
    path: 'audit',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/audit/AuditPage.tsx'), loadTexts('audit')])
      return { Component: page.AuditPage }
    },
  },
  {
    path: 'registers',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/registers/RegistersPage.tsx'), loadTexts('registers')])
      return { Component: page.RegistersPage }
    },
  },
  {
    path: 'registers/:register',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/registers/RegisterPage.tsx'), loadTexts('registers')])
      return { Component: page.RegisterPage }
    },
  },
  {
    path: 'registers/:register/:recordId',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/registers/RecordPage.tsx'), loadTexts('registers')])
      return { Component: page.RecordPage }
    },
  },
  {
    path: 'wall',
    lazy: async () => {
      const [page] = await Promise.all([import('../pages/wall/WallPage.tsx'), loadTexts('wall')])
      return { Component: page.WallPage }
    },
  },
  { path: '*', lazy: async () => ({ Component: (await import('../pages/not-found/NotFoundPage.tsx')).NotFoundPage }) },
]

export const router = createBrowserRouter([
  {
    path: '/',
    Component: SessionGate,
    ErrorBoundary: PageError,
    HydrateFallback: Loading,
    children: pages.map((page) => ({ ...page, ErrorBoundary: PageError })),
  },
])
