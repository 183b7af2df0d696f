import type { Words } from '@roomkeeper/shared/registers'

/** The groups of clauses, by the letter they begin with; one sheet of the Excel file each. */
export const CLAUSE_GROUPS: readonly { letter: string; title: Words }[] = [
  { letter: 'E', title: { zh: '环境与供电', en: 'Environment and power' } },
  { letter: 'I', title: { zh: '巡检与会议', en: 'Inspection' } },
  { letter: 'A', title: { zh: '人员进出与施工变更', en: 'People and work' } },
  { letter: 'T', title: { zh: '设备、介质与备份', en: 'Things and data' } },
  { letter: 'S', title: { zh: '系统与权限', en: 'The system itself' } },
]
