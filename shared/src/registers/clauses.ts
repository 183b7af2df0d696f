import type { Words } from './definition.ts'

/** The duties of the hospital's regulation that touch the machine room, by their short names. */
export const CLAUSES = {
  E1: { zh: '持续监测并记录温度、湿度、电压', en: 'Watch temperature, humidity and voltage constantly and record them' },
  E2: { zh: '发现异常立即处置', en: 'On anything abnormal act at once' },
  E3: { zh: '机房符合国家标准', en: 'The room meets the national standard' },
  E4: {
    zh: '设备由专人按规程操作，不得随意开关电源',
    en: 'Equipment is operated only by named people, by procedure; no casual power switching',
  },
  E5: {
    zh: '防尘、防鼠、防火、防潮、防静电、防热，保持清洁，无易燃物，不外接电源',
    en: 'Dust, rodents, fire, damp, static, heat, cleanliness; no flammables, no power drawn out of the room',
  },
  E6: { zh: '软硬件故障及时发现、报告、处理', en: 'Failures of hardware and software are found, reported and handled in time' },
  I1: {
    zh: '系统硬件至少每 7 天巡检一次，记录与签名及时完整',
    en: 'Inspection of the hardware at least once every 7 days, entries and signatures in time and complete',
  },
  I2: { zh: '各类设备定期检查保养并记录', en: 'Regular inspection and upkeep of each kind of equipment, with records' },
  I3: { zh: '定期排查不安全因素并处理', en: 'Insecure factors are searched for regularly and dealt with' },
  I4: { zh: '每月至少召开一次科室信息员会议', en: 'At least one meeting of department information officers per month' },
  I5: {
    zh: '科室信息员巡查本科室软硬件，发现问题立即报告',
    en: 'Department officers patrol their own hardware and software and report problems at once',
  },
  A1: {
    zh: '非机房人员不得进入；确需进入须申请、批准、陪同',
    en: 'Nobody but room staff enters; if they must: applied for, approved, accompanied',
  },
  A2: { zh: '违规行为予以制止并处理', en: 'Violations of procedure are stopped, and have consequences' },
  A3: { zh: '系统附近施工须事先告知、批准并有防护措施', en: 'Work near the system is told in advance, approved, with protective measures' },
  A4: {
    zh: '服务器参数变更须经领导批准，并严格填写工作日志',
    en: "A server's parameters are changed only after the director's approval; a work log is strictly filled",
  },
  A5: { zh: '任何人不得私自更改系统设置', en: 'Nobody changes system settings privately' },
  T1: {
    zh: '计算机、网络设备、外设登记建档，增减变动有统计',
    en: 'Every computer, network device and peripheral is registered; increases, decreases and changes counted',
  },
  T2: { zh: 'IP 地址分配表、布线图、交换机端口编号', en: 'IP allocation table, cabling layout, every switch port numbered' },
  T3: { zh: '安装、维修、更换须申请批准并有记录', en: 'Installs, repairs, replacements on approved request, with a record' },
  T4: { zh: '保管人交接设备手续严格', en: 'Custodians hand equipment over strictly' },
  T5: {
    zh: '数据与软件介质专人保管，借用须批准，外来介质先查毒',
    en: 'Media kept by a named person; no lending without permission; outside media checked for viruses',
  },
  T6: { zh: '多种方式备份，有存放与保管制度', en: 'Backups by several means; storage and custody rules' },
  T7: {
    zh: '防病毒；网络故障隔离排除；数据库权限与口令定期更换',
    en: 'Antivirus; network faults isolated and removed; database rights and passwords changed regularly',
  },
  S1: {
    zh: '安全级别、用户权限、口令由信息部门设定',
    en: 'Security levels, user permissions and passwords are set by the information department',
  },
  S2: { zh: '本网络计算机不得连接互联网', en: 'No computer on this network may reach the Internet' },
  S3: { zh: '为管理决策提供统计、分析、报表', en: 'Statistics, analysis and reports for management decisions' },
  S4: { zh: '系统数据安全、保存、不丢失', en: 'System data is safe, kept, and not lost' },
} as const satisfies Record<string, Words>
export type Clause = keyof typeof CLAUSES
export const CLAUSE_NAMES = Object.keys(CLAUSES) as [Clause, ...Clause[]]
