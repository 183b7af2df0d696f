import { readFileSync } from 'node:fs'
import type { Alarm, RegisterRecord, RoomOverview } from '@roomkeeper/shared/http'
import type { ServerProcess } from './services/server-process.ts'

/** What the demonstration has, for the addresses of pages that are about one thing. */
export interface PageIds {
  roomId: number
  deviceId: number
  /** A temperature first, then others that have numbers. */
  pointIds: readonly number[]
  incidentId: number
  assetId: number
  inspectionId: number
}

export interface DashboardPage {
  /** Also the name of its picture. */
  name: string
  /** As in dashboard/src/app/routes.tsx; '' is the overview. */
  route: string
  path(ids: PageIds): string
  /** Is there when the page has what it shows; a heading or a state by default. */
  ready?: string
}

const page = (name: string, route: string, path: string | ((ids: PageIds) => string) = `/${route}`, ready?: string): DashboardPage => ({
  name,
  route,
  path: typeof path === 'string' ? () => path : path,
  ...(ready === undefined ? {} : { ready }),
})

/** Every page of the dashboard, with the tabs and panels that look like pages. A test compares it with the routes. */
export const DASHBOARD_PAGES: readonly DashboardPage[] = [
  page('overview', ''),
  page('start', 'start'),
  page('room', 'rooms/:roomId', ({ roomId }) => `/rooms/${roomId}`),
  page('point', 'rooms/:roomId', ({ roomId, pointIds }) => `/rooms/${roomId}?point=${pointIds[0]}`),
  page('device', 'rooms/:roomId', ({ roomId, deviceId }) => `/rooms/${roomId}?device=${deviceId}`),
  page('floor-plan', 'rooms/:roomId/plan', ({ roomId }) => `/rooms/${roomId}/plan`),
  page('at-room', 'at/:roomId', ({ roomId }) => `/at/${roomId}`),
  page('alarms', 'alarms'),
  page('alarms-all', 'alarms', '/alarms?scope=all'),
  page('alarms-silent', 'alarms', '/alarms?scope=silent'),
  page('incidents', 'incidents'),
  page('incident', 'incidents/:incidentId', ({ incidentId }) => `/incidents/${incidentId}`),
  page('history', 'history', ({ pointIds }) => `/history?points=${pointIds.join(',')}&range=1h`),
  page('devices', 'devices'),
  page('roster', 'roster'),
  page('notices', 'notices'),
  page('channels', 'notices', '/notices?tab=channels'),
  page('escalation', 'notices', '/notices?tab=escalation'),
  page('maintenance', 'maintenance'),
  page('maintenance-windows', 'maintenance', '/maintenance?tab=windows'),
  page('proof', 'proof'),
  page('response-times', 'proof', '/proof?tab=times'),
  page('life-signs', 'proof', '/proof?tab=life-signs'),
  page('alarm-quality', 'alarm-quality'),
  page('registers', 'registers'),
  page('register', 'registers/:register', '/registers/asset'),
  page('register-empty', 'registers/:register', '/registers/visit'),
  page('record', 'registers/:register/:recordId', ({ assetId }) => `/registers/asset/${assetId}`),
  page('record-new', 'registers/:register/:recordId', '/registers/fault-report/new'),
  page('inspections', 'inspections'),
  page('inspection', 'inspections/:recordId', ({ inspectionId }) => `/inspections/${inspectionId}`),
  page('checklists', 'inspections/checklists'),
  page('calendar', 'calendar'),
  page('pack', 'pack'),
  page('reports', 'reports'),
  page('network', 'network'),
  page('ports', 'network', '/network?tab=ports'),
  page('limits', 'limits'),
  page('limit-set', 'limits', ({ roomId }) => `/limits?set=room:${roomId}:temperature`),
  page('limits-built-in', 'limits', '/limits?tab=built-in'),
  page('combination', 'limits', '/limits?tab=combinations&combination=new'),
  page('agents', 'agents'),
  page('accounts', 'accounts'),
  page('audit', 'audit'),
  page('wall', 'wall', '/wall', '[data-testid="wall-clock"]'),
  page('not-found', '*', '/nowhere'),
]

/** The paths of the dashboard's routes, as its one list has them. */
export function dashboardRoutes(): string[] {
  const source = readFileSync(new URL('../../dashboard/src/app/routes.tsx', import.meta.url), 'utf8')
  const paths = [...source.matchAll(/\bpath: '([^']*)'/g)].map(([, path]) => String(path))
  return ['', ...paths.filter((path) => path !== '/')]
}

/** Of a demonstration in which an alarm has opened an incident; adds an asset and begins an inspection, so that there is a record to look at. */
export async function pageIdsOf(server: ServerProcess): Promise<PageIds> {
  const alarm = (await server.get<Alarm[]>('/api/alarms')).find(({ incidentId }) => incidentId !== null)
  const [room] = await server.get<RoomOverview[]>('/api/rooms')
  const temperature = room?.leading.find(({ kind }) => kind === 'temperature')
  if (alarm?.incidentId == null || !room || !temperature) throw new Error('the demonstration has no incident or no temperature')
  const rest = room.leading.filter(({ id, unit }) => id !== temperature.id && unit !== '1').slice(0, 2)
  const begin = (register: string, fields: object) => server.send<RegisterRecord>('POST', `/api/registers/${register}/records`, { fields })
  const where = { id: room.id, name: room.name }
  const asset = await begin('asset', {
    name: '核心交换机',
    category: 'network',
    maker: 'H3C',
    model: 'S7506E',
    department: '信息科',
    custodianName: '张伟',
    room: where,
  })
  const inspection = await begin('inspection', { room: where })
  return {
    roomId: room.id,
    deviceId: temperature.deviceId,
    pointIds: [temperature.id, ...rest.map(({ id }) => id)],
    incidentId: alarm.incidentId,
    assetId: asset.id,
    inspectionId: inspection.id,
  }
}
