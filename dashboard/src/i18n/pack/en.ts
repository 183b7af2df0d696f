import type { PackDictionary } from './zh-CN.ts'

export const en: PackDictionary = {
  note: 'The evidence for each clause of the regulation, with what is missing, in one file for the inspector',
  period: { title: 'Period', month: 'Last month', quarter: 'Last quarter', year: 'This year', lastYear: 'Last year', own: 'Custom' },
  room: 'Room',
  everyRoom: 'Every room',
  pdf: 'Download PDF',
  excel: 'Download Excel',
  cancel: 'Cancel',
  making: 'Being made: {{text}}',
  saved: 'The browser has the file to save',
  failed: 'Not made: {{reason}}',
  figures: { records: 'Records', incidents: 'Incidents', alarms: 'Alarms', gaps: 'Gaps' },
  gaps: {
    title: 'Gaps ({{count}})',
    none: 'None was found: each clause has its records, and what was due was done',
    rest: '{{count}} more, all of them in the file',
    readings: 'Stretches without readings are summed up hour by hour: they are only in the file',
    kind: {
      chain: 'Audit chain broken',
      'no-record': 'No record at all',
      'no-schedule': 'No schedule',
      missed: 'Missed',
      overdue: 'Overdue',
      'incident-open': 'Incident not closed',
      emergency: 'Emergency not approved yet',
      unsigned: 'Unsigned draft',
      'no-readings': 'No readings',
    },
  },
  clauses: {
    title: 'Clauses and evidence',
    clause: 'Clause',
    evidence: 'Evidence',
    gaps: 'Gaps',
    complete: 'complete',
    count: '{{count}} on file',
    open: '{{count}} not done',
  },
  chain: {
    title: 'Head of the audit chain',
    explained:
      'The QR code of the PDF is this: whatever is changed later will not fit the printed paper. Compare on the server with roomkeeper verify-chain.',
    none: 'The audit trail has no entry in this period',
    entry: 'Entry {{seq}}',
  },
}
