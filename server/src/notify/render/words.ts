import type { AlarmCondition, AlarmPriority, AlarmSource } from '@roomkeeper/shared/model'

export type Language = 'zh' | 'en'
type Words = Readonly<Record<Language, string>>

export const PRIORITY_WORDS: Readonly<Record<AlarmPriority, Words>> = {
  low: { zh: '低', en: 'low' },
  medium: { zh: '中', en: 'medium' },
  high: { zh: '高', en: 'high' },
  critical: { zh: '紧急', en: 'critical' },
}

export const CONDITION_WORDS: Readonly<Record<AlarmCondition, Words>> = {
  'low-low': { zh: '严重过低', en: 'very low' },
  low: { zh: '过低', en: 'low' },
  high: { zh: '过高', en: 'high' },
  'high-high': { zh: '严重过高', en: 'very high' },
  'rate-of-change': { zh: '变化过快', en: 'changing too fast' },
  'time-to-limit': { zh: '即将越限', en: 'about to reach a limit' },
  'state-notice': { zh: '状态提示', en: 'state to note' },
  state: { zh: '状态异常', en: 'abnormal state' },
  'state-critical': { zh: '状态严重异常', en: 'critical state' },
  'no-data': { zh: '无数据', en: 'no data' },
  'sensor-suspect': { zh: '传感器可疑', en: 'sensor suspect' },
  'door-opened': { zh: '开门', en: 'door opened' },
  restarted: { zh: '重新启动', en: 'restarted' },
  'device-offline': { zh: '设备离线', en: 'device offline' },
  'node-offline': { zh: '采集器离线', en: 'agent offline' },
  'clock-wrong': { zh: '采集器时钟错误', en: "agent's clock is wrong" },
  overdue: { zh: '超期未办', en: 'overdue' },
  overstay: { zh: '超时未离开', en: 'not left in time' },
  'device-unknown': { zh: '未知设备接入', en: 'unknown device' },
  'log-loss': { zh: '采集记录丢失', en: 'records lost at the agent' },
  'log-filling': { zh: '采集记录将满', en: "agent's log fills up" },
  'log-unavailable': { zh: '采集器无法保存记录', en: 'agent cannot keep records' },
  'channel-failing': { zh: '通知无法送达', en: 'notices cannot be delivered' },
  'no-one-on-duty': { zh: '无人值班或值班人员无法通知', en: 'nobody on duty can be reached' },
  'drill-failed': { zh: '告警演练未通过', en: 'the alarm drill failed' },
  'report-failed': { zh: '定期报告未发出', en: 'a scheduled report was not sent' },
}

/** The first thing to do, as the regulation's keepers would say it. */
export function whatToDo(condition: AlarmCondition, kind: string | null, source: AlarmSource): Words {
  const byKind = kind === null ? undefined : BY_KIND[kind]
  if (condition === 'no-data' || condition === 'sensor-suspect' || (source !== 'point' && source !== 'combination'))
    return BY_CONDITION[condition] ?? LOOK
  return byKind ?? LOOK
}

const LOOK: Words = { zh: '请到现场查看并处理', en: 'Go and look, then deal with it' }
const POWER: Words = { zh: '检查市电、配电与 UPS', en: 'Check the mains, the distribution and the UPS' }
const COOLING: Words = { zh: '检查空调运行与机房门', en: 'Check the air conditioners and the doors' }
const BY_KIND: Readonly<Record<string, Words>> = {
  temperature: COOLING,
  'dew-point': COOLING,
  'cooling-fault': COOLING,
  humidity: { zh: '检查空调加湿与除湿', en: 'Check the humidifier and dehumidifier of the air conditioner' },
  voltage: POWER,
  'line-to-line-voltage': POWER,
  frequency: POWER,
  'ups-status': POWER,
  'battery-charge': POWER,
  'battery-runtime': { zh: '按预案有序关机', en: 'Shut down in order, by the plan' },
  leak: { zh: '关闭水源，检查空调排水，必要时断电', en: 'Close the water, check the drains, cut the power if need be' },
  smoke: { zh: '按消防预案处置，拨打 119', en: 'Follow the fire plan, call the fire brigade' },
  door: { zh: '核对进出人员', en: 'Check who has come in' },
}
const BY_CONDITION: Partial<Record<AlarmCondition, Words>> = {
  'no-data': { zh: '检查传感器与接线', en: 'Check the sensor and its cable' },
  'sensor-suspect': { zh: '核对现场读数，检查传感器', en: 'Compare the reading on site, check the sensor' },
  'device-offline': { zh: '检查设备电源与网络', en: 'Check power and network of the device' },
  'node-offline': {
    zh: '检查采集器电源与网络；期间该处无监测',
    en: 'Check power and network of the agent; nothing is watched there meanwhile',
  },
  'clock-wrong': { zh: '校正采集器时间', en: "Set the agent's clock right" },
  overdue: { zh: '请尽快办理并提交', en: 'Do it and submit it' },
  overstay: { zh: '请确认人员是否离开并办理离场', en: 'See whether they have left, and check them out' },
  'device-unknown': {
    zh: '核对是谁接入了设备，再到“设备”页确认或停用',
    en: 'Find out who plugged it in, then confirm or retire it on the page “Devices”',
  },
  'channel-failing': { zh: '在“通知”页查看原因并试发', en: 'See the reason on the page “Notices” and send a test' },
  'drill-failed': { zh: '查看“演练与自检”页中的原因，处理后再演练一次', en: 'See why on the page “Proof”, mend it and hold another drill' },
  'report-failed': { zh: '在“报告”页查看原因，处理后重新发送', en: 'See why on the page “Reports”, mend it and send it again' },
  'no-one-on-duty': { zh: '请安排值班并登记联系方式', en: 'Put somebody on duty who has a contact' },
}
