import { CLAUSE_NAMES, type Clause, type RegisterDefinition, type Words } from '@roomkeeper/shared/registers'
import { DEFINITIONS } from './definitions/index.ts'

/** A part of the product that serves a clause and is no register. */
export interface ProductPart {
  name: string
  title: Words
  clauses: readonly Clause[]
  /** Its page in the dashboard; null: it has none. */
  page: string | null
  /** The table whose rows are its records: how many of a year is a question of `roomkeeper doctor --clauses`. */
  records?: 'alarm' | 'incident' | 'audit' | 'ipAddress'
}

/** What serves clauses besides registers. A path of a page is one of dashboard/src/app/routes.tsx. */
export const PRODUCT_PARTS: readonly ProductPart[] = [
  {
    name: 'readings',
    title: { zh: '连续监测与历史曲线', en: 'Continuous readings and their history' },
    clauses: ['E1', 'S3'],
    page: '/history',
  },
  {
    name: 'limits',
    title: { zh: '限值（注明国家标准出处）', en: 'Limits, with the standard that they come from' },
    clauses: ['E3'],
    page: '/limits',
  },
  {
    name: 'alarms',
    title: { zh: '告警与通知', en: 'Alarms, and people being told' },
    clauses: ['E1', 'E2', 'E6'],
    page: '/alarms',
    records: 'alarm',
  },
  {
    name: 'incidents',
    title: { zh: '异常事件处置单', en: 'Incident forms' },
    clauses: ['E2', 'E4', 'E6'],
    page: '/incidents',
    records: 'incident',
  },
  {
    name: 'audit',
    title: { zh: '操作审计（哈希链防篡改）', en: 'Audit trail in a chain of hashes' },
    clauses: ['A5', 'S4'],
    page: '/audit',
    records: 'audit',
  },
  {
    name: 'network',
    title: { zh: 'IP 地址表与交换机端口', en: 'IP table and switch ports' },
    clauses: ['T2'],
    page: '/network',
    records: 'ipAddress',
  },
  {
    name: 'roles',
    title: { zh: '用户、角色、口令策略', en: 'Accounts, roles, rules of passwords' },
    clauses: ['S1'],
    page: '/accounts',
  },
  {
    name: 'no-internet',
    title: { zh: '全部功能在内网运行：无外部字体、脚本、云推送', en: 'Everything works inside: no fonts, scripts or push from outside' },
    clauses: ['S2'],
    page: null,
  },
  {
    name: 'reports',
    title: { zh: '统计与报表（PDF、Excel）', en: 'Statistics and reports as PDF and Excel' },
    clauses: ['S3'],
    page: '/history',
  },
  {
    name: 'storage',
    title: { zh: '断电不丢的存储：采集日志、确认、重放', en: 'Storage that loses nothing: log, commit and replay' },
    clauses: ['S4'],
    page: null,
  },
]

export interface ClauseService {
  clause: Clause
  registers: readonly RegisterDefinition[]
  parts: readonly ProductPart[]
}

/** What serves each clause, E1 to S4, in the order of the regulation. */
export function clauseServices(definitions: readonly RegisterDefinition[] = DEFINITIONS): ClauseService[] {
  return CLAUSE_NAMES.map((clause) => ({
    clause,
    registers: definitions.filter((definition) => definition.clauses.includes(clause)),
    parts: PRODUCT_PARTS.filter((part) => part.clauses.includes(clause)),
  }))
}

/** Where a register's records are in the dashboard; inspections have a page of their own. */
export function registerPage(register: string): string {
  return register === 'inspection' ? '/inspections' : `/registers/${register}`
}
