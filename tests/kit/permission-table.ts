import type { Role } from '@roomkeeper/shared/model'

// Who may do what, written out by hand for permissions.test.ts.

/** The columns of the tables below, in the order of ROLES. */
export const COLUMNS = 'D H K S T O I A'
export const COLUMN_OF: Record<string, Role> = {
  D: 'director',
  H: 'department-head',
  K: 'room-keeper',
  S: 'system-administrator',
  T: 'technician',
  O: 'on-call',
  I: 'information-officer',
  A: 'auditor',
}

/** Written out by hand: whoever changes what a role may do changes it here too, on purpose. */
export const ROUTES: Record<string, string> = {
  'POST /session': 'public',
  'GET /session': 'D H K S T O I A',
  'DELETE /session': 'D H K S T O I A',
  'PUT /session/duty': 'D H K S T O I A',
  'PUT /session/password': 'D H K S T O I A',
  'GET /rooms': 'D H K S T O . A',
  'GET /rooms/{roomId}': 'D H K S T O . A',
  'POST /rooms': '. H K S . . . .',
  'PUT /rooms/{roomId}': '. H K S . . . .',
  'GET /devices': 'D H K S T O . A',
  'GET /devices/{deviceId}': 'D H K S T O . A',
  'PUT /devices/{deviceId}': '. H K S . . . .',
  'POST /devices/confirm': '. H K S . . . .',
  'PUT /points/{pointId}/calibration': '. H K S . . . .',
  'DELETE /points/{pointId}/calibration': '. H K S . . . .',
  'POST /devices/{deviceId}/retire': '. H K S . . . .',
  'POST /devices/{deviceId}/restore': '. H K S . . . .',
  'POST /devices/{deviceId}/outputs/{key}': '. H K S . . . .',
  'GET /history': 'D H K S T O . A',
  'GET /points/{pointId}/readings': 'D H K S T O . A',
  'GET /points/{pointId}/limits': 'D H K S T O . A',
  'PUT /points/{pointId}/limits': '. H K S . . . .',
  'GET /alarms': 'D H K S T O . A',
  'GET /alarms/{alarmId}': 'D H K S T O . A',
  'POST /alarms/{alarmId}/acknowledge': '. H K S T O . .',
  'GET /incidents': 'D H K S T O . A',
  'GET /incidents/{incidentId}': 'D H K S T O . A',
  'PUT /incidents/{incidentId}/draft': '. H K S T O . .',
  'POST /incidents/{incidentId}/submit': '. H K S T O . .',
  'GET /inspection-schedules': 'D H K S T O . A',
  'PUT /inspection-schedules/{scheduleId}': '. H K S T . . .',
  'GET /inspections': 'D H K S T O . A',
  'GET /inspections/{inspectionId}': 'D H K S T O . A',
  'POST /inspections': '. H K S T . . .',
  'PUT /inspections/{inspectionId}/draft': '. H K S T . . .',
  'POST /inspections/{inspectionId}/submit': '. H K S T . . .',
  'GET /agents': '. H K S T . . A',
  'POST /agents': '. . . S . . . .',
  'DELETE /agents/{agentId}/credential': '. . . S . . . .',
  'GET /agents/pairings': '. H K S T . . A',
  'POST /agents/pairings': '. . . S . . . .',
  'DELETE /agents/pairings/{pairingId}': '. . . S . . . .',
  'POST /agents/pair': 'public',
  'GET /quarantine': '. H K S T . . A',
  'GET /channel-kinds': '. H K S T O . .',
  'GET /channels': '. H K S T O . .',
  'POST /channels': '. H . S . . . .',
  'PUT /channels/{channelId}': '. H . S . . . .',
  'DELETE /channels/{channelId}': '. H . S . . . .',
  'POST /channels/{channelId}/test': '. H . S . . . .',
  'GET /contacts': 'D H K S T O I A',
  'POST /contacts': 'D H K S T O I A',
  'DELETE /contacts/{contactId}': 'D H K S T O I A',
  'GET /notices': 'D H K S T O . A',
  'POST /notices/{noticeId}/retry': '. H . S . . . .',
  'GET /escalation': '. H K S T O . .',
  'PUT /escalation': '. H . S . . . .',
  'GET /people': 'D H K S T O . A',
  'GET /shifts': 'D H K S T O . A',
  'POST /shifts': '. H K S . . . .',
  'PUT /shifts/{shiftId}': '. H K S . . . .',
  'DELETE /shifts/{shiftId}': '. H K S . . . .',
  'POST /shifts/{shiftId}/handover': '. H K S T O . .',
  'POST /shifts/{shiftId}/handover/signature': '. H K S T O . .',
  'GET /accounts': '. . . S . . . .',
  'POST /accounts': '. . . S . . . .',
  'PUT /accounts/{accountId}': '. . . S . . . .',
  'PUT /accounts/{accountId}/password': '. . . S . . . .',
  'GET /tokens': '. . . S . . . .',
  'POST /tokens': '. . . S . . . .',
  'DELETE /tokens/{tokenId}': '. . . S . . . .',
  'GET /audit': 'D H . . . . . A',
  'GET /audit/verification': 'D H . . . . . A',
  'GET /system': '. H . S . . . A',
}

/** Outside the contract. */
export const OTHER_PATHS: Record<string, string> = {
  'GET /metrics': '. H . S . . . A',
  'GET /api/openapi.json': 'D H K S T O I A',
  'GET /api/docs': 'D H K S T O I A',
  'GET /api/history.csv': 'D H K S T O . A',
  'POST /api/extra-write': '. . . S . . . .',
}

/** Events to browsers; `change` by its topic. */
export const EVENTS_OUT: Record<string, string> = {
  hello: 'D H K S T O I A',
  tick: 'D H K S T O I A',
  live: 'D H K S T O . A',
  alarm: 'D H K S T O . A',
  presence: 'D H K S T O . A',
  'change alarms': 'D H K S T O . A',
  'change incidents': 'D H K S T O . A',
  'change inspections': 'D H K S T O . A',
  'change rooms': 'D H K S T O . A',
  'change notices': 'D H K S T O . A',
  'change agents': '. H K S T . . A',
}

/** Events from browsers. */
export const EVENTS_IN: Record<string, string> = {
  watch: 'D H K S T O . A',
  focusIncident: 'D H K S T O . A',
}
