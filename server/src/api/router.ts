import type { AnyRouter } from '@orpc/server'
import type { PartState } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { Accounts } from '../accounts/accounts.ts'
import type { AlarmStore } from '../alarms/alarm-store.ts'
import type { LifeWatch } from '../alarms/life-watch.ts'
import type { Credentials } from '../broker/credentials.ts'
import type { Db } from '../database/schema.ts'
import type { DeviceSettingsDelivery } from '../devices/device-settings.ts'
import type { IncidentCurves } from '../incidents/incident-curves.ts'
import type { Directory } from '../ingest/directory.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { CombinationWatch } from '../limits/combinations/combination-watch.ts'
import type { Rehearsals } from '../limits/rehearsal/rehearsals.ts'
import type { LiveValues } from '../live/live-values.ts'
import type { SilenceWatch } from '../live/silence-watch.ts'
import type { Channel } from '../notify/channels/channel.ts'
import type { Notifier } from '../notify/notifier.ts'
import type { BrokerForAgents } from '../pairing/broker-for-agents.ts'
import type { Pairings } from '../pairing/pairings.ts'
import type { UnknownDevices } from '../paper/unknown-devices.ts'
import type { Proof } from '../proof/proof.ts'
import type { ReadingStore } from '../readings/reading-store.ts'
import type { Registers } from '../registers/registers.ts'
import type { ReportRunner } from '../reports/schedules/report-runner.ts'
import type { ScheduleRunner } from '../schedules/schedule-runner.ts'
import type { RoomThermalWatch } from '../thermal/room-thermal-watch.ts'
import { createAccountHandlers } from './accounts.ts'
import { agentHandlers } from './agents.ts'
import { createAlarmHandlers } from './alarms.ts'
import { api } from './base.ts'
import { calendarFeedRoute } from './calendar.ts'
import { createChecklistHandlers } from './checklists.ts'
import { createCombinationHandlers } from './combinations.ts'
import { createDeviceHandlers } from './devices.ts'
import { createFirstRunHandlers } from './first-run.ts'
import { createFloorPlanHandlers, planPictureRoutes } from './floor-plans.ts'
import { createHistoryHandlers } from './history.ts'
import { historyCsvRoute } from './history-csv.ts'
import { historyXlsxRoute } from './history-xlsx.ts'
import type { ExtraRoute } from './http-server.ts'
import { incidentPhotoRoutes } from './incident-photos.ts'
import { createIncidentHandlers } from './incidents.ts'
import { createLifeHandlers } from './life.ts'
import { createLimitDefaultHandlers } from './limit-defaults.ts'
import { createLimitHandlers } from './limits.ts'
import { createNetworkHandlers } from './network.ts'
import { networkExportRoutes } from './network-exports.ts'
import { networkImportRoutes } from './network-import.ts'
import { createNoticeHandlers } from './notices.ts'
import { createOutputHandlers } from './outputs.ts'
import { createPack } from './pack.ts'
import { pairingHandlers } from './pairing.ts'
import { periodReportRoutes } from './period-report.ts'
import { createProofHandlers } from './proof.ts'
import { recordExportRoutes } from './record-exports.ts'
import { recordFileRoutes } from './record-files.ts'
import { registerImportRoutes } from './register-import.ts'
import { createRegisterHandlers } from './registers.ts'
import { createRehearsalHandlers } from './rehearsals.ts'
import { createReportHandlers, reportFileRoute } from './reports.ts'
import { createRoomRegisterHandlers } from './room-registers.ts'
import { createRoomHandlers } from './rooms.ts'
import { createScheduleHandlers } from './schedules.ts'
import { createSessionHandlers } from './session.ts'
import { createSwitchPortHandlers } from './switch-ports.ts'
import { createSystemHandlers } from './system.ts'
import { createThermalHandlers } from './thermal.ts'

export interface RouterDependencies {
  accounts: Accounts
  alarms: AlarmStore
  change(change: Change): void
  clock: { nowMs(): number }
  combinations: CombinationWatch
  credentials: Credentials
  curves: IncidentCurves
  db: Db
  directory: Directory
  health(): Record<string, PartState>
  ingest: Ingest
  /** Kinds of channels by name. */
  kinds: ReadonlyMap<string, Channel>
  life: LifeWatch
  live: LiveValues
  log: Logger
  notifier: Notifier
  /** Of a page of the dashboard; undefined while the server does not know its own address. */
  pageUrl(path: string): string | undefined
  brokerForAgents(): Promise<BrokerForAgents>
  hostId: string
  /** Of an incident's page; undefined while the server does not know its own address. */
  incidentUrl(incidentId: number): string | undefined
  pairings: Pairings
  proof: Proof
  registers: Registers
  rehearsals: Rehearsals
  reportRunner: ReportRunner
  schedules: ScheduleRunner
  settings: DeviceSettingsDelivery
  silence: SilenceWatch
  store: ReadingStore
  thermalWatch: RoomThermalWatch
  unknownDevices: UnknownDevices
  /** The hospital's; IANA name. */
  timeZone: string
  version: string
}

/** Every handler of the contract, one file per resource; each takes what it uses. */
export function createRouter(dependencies: RouterDependencies): { router: AnyRouter; extraRoutes: ExtraRoute[] } {
  const { ingest, store } = dependencies
  const sessionOf = (nodeId: number) => [...ingest.sessions.values()].find((session) => session.entry.id === nodeId)
  const nodeCut = (nodeId: number): void => {
    const session = sessionOf(nodeId)
    if (session) ingest.setNodeOffline(session)
  }
  const pack = createPack({ ...dependencies, readings: store })
  const router = api.router({
    session: createSessionHandlers(dependencies),
    rooms: createRoomHandlers(dependencies),
    floorPlans: createFloorPlanHandlers(dependencies),
    devices: createDeviceHandlers(dependencies),
    firstRun: createFirstRunHandlers(dependencies),
    outputs: createOutputHandlers(dependencies),
    history: createHistoryHandlers({ ...dependencies, readings: store }),
    limits: {
      ...createLimitHandlers(dependencies),
      ...createLimitDefaultHandlers(),
      ...createRehearsalHandlers(dependencies),
      ...createCombinationHandlers(dependencies),
    },
    alarms: createAlarmHandlers(dependencies),
    life: createLifeHandlers(dependencies),
    incidents: createIncidentHandlers(dependencies),
    agents: {
      ...agentHandlers({
        ...dependencies,
        nodeState: (nodeId) => {
          const session = sessionOf(nodeId)
          if (!session) return undefined
          const { isOnline, lastSeenMs, clockOffsetMs, backlog, faults } = session
          return { online: isOnline, lastSeenMs, clockOffsetMs, backlog, faults: [...faults] }
        },
        nodeCut,
      }),
      ...pairingHandlers({ ...dependencies, nodeCut }),
    },
    network: { ...createNetworkHandlers(dependencies), ...createSwitchPortHandlers(dependencies) },
    notices: createNoticeHandlers(dependencies),
    pack: pack.handlers,
    proof: createProofHandlers(dependencies),
    registers: { ...createRegisterHandlers(dependencies), ...createRoomRegisterHandlers(dependencies) },
    reports: createReportHandlers(dependencies),
    checklists: createChecklistHandlers(dependencies),
    schedules: createScheduleHandlers(dependencies),
    accounts: createAccountHandlers(dependencies),
    system: createSystemHandlers(dependencies),
    thermal: createThermalHandlers(dependencies),
  })
  const extraRoutes: ExtraRoute[] = [
    historyCsvRoute({ ...dependencies, readings: store }),
    historyXlsxRoute({ ...dependencies, readings: store }),
    ...incidentPhotoRoutes(dependencies),
    ...planPictureRoutes(dependencies),
    ...recordFileRoutes(dependencies),
    ...recordExportRoutes(dependencies),
    ...pack.extraRoutes,
    ...periodReportRoutes({ ...dependencies, readings: store }),
    reportFileRoute(dependencies),
    ...registerImportRoutes(dependencies),
    ...networkExportRoutes(dependencies),
    ...networkImportRoutes(dependencies),
    calendarFeedRoute(dependencies),
  ]
  return { router, extraRoutes }
}
