import type { ChecklistItem, RegisterDefinition } from '@roomkeeper/shared/registers'
import { DISCARDED, DRAFT, discard, PHOTOS, STAFF } from './words.ts'

const VIRUS = { zh: '病毒防护', en: 'Antivirus' }
const NETWORK = { zh: '网络', en: 'Network' }
const DATABASE = { zh: '数据库与账号', en: 'Database and accounts' }

const ITEMS: readonly ChecklistItem[] = [
  {
    key: 'definitions',
    group: VIRUS,
    clause: 'T7',
    label: { zh: '服务器与终端的病毒库已更新', en: 'Virus definitions of servers and computers are up to date' },
  },
  {
    key: 'scan',
    group: VIRUS,
    clause: 'T7',
    label: { zh: '全网查杀已完成，无未处理病毒', en: 'Everything was scanned; no virus is left' },
  },
  { key: 'patches', group: VIRUS, clause: 'T7', label: { zh: '安全补丁已评估并安装', en: 'Security patches are judged and installed' } },
  { key: 'usb', group: VIRUS, clause: 'T5', label: { zh: '移动介质使用受控', en: 'Use of portable media is under control' } },
  {
    key: 'internet',
    group: NETWORK,
    clause: 'S2',
    label: { zh: '抽查：内网计算机不能访问互联网', en: 'Sample: computers of this network cannot reach the Internet' },
  },
  {
    key: 'strangers',
    group: NETWORK,
    clause: 'T2',
    label: { zh: '无来历不明的设备与无线接入', en: 'No unknown devices or wireless access' },
  },
  { key: 'firewall', group: NETWORK, clause: 'T7', label: { zh: '防火墙与访问控制策略已核对', en: 'Rules of the firewall were compared' } },
  {
    key: 'isolation',
    group: NETWORK,
    clause: 'T7',
    label: { zh: '故障网段可隔离，应急方法有效', en: 'A faulty segment can be cut off; the emergency procedure works' },
  },
  {
    key: 'rights',
    group: DATABASE,
    clause: 'T7',
    label: { zh: '数据库权限已核对，无多余权限', en: 'Database rights were compared; nobody has more than needed' },
  },
  { key: 'accounts', group: DATABASE, clause: 'S1', label: { zh: '离岗人员账号已停用', en: 'Accounts of people who left are closed' } },
  { key: 'logs', group: DATABASE, clause: 'T7', label: { zh: '登录与操作日志已审阅', en: 'Logs of sign-ins and operations were read' } },
  {
    key: 'roomkeeper',
    group: DATABASE,
    clause: 'S1',
    label: { zh: '本系统的账号与权限已核对', en: 'Accounts and roles of this system were compared' },
  },
]

/** Regulation T7, S1, S2: antivirus, network, database rights, looked at each month. */
export const securityCheck: RegisterDefinition = {
  name: 'security-check',
  title: { zh: '安全检查', en: 'Security check' },
  summary: {
    zh: '每月检查病毒防护、网络隔离、数据库权限与账号',
    en: 'Each month: antivirus, isolation of the network, database rights and accounts',
  },
  clauses: ['T7', 'S1', 'S2'],
  numberPrefix: 'SEC',
  group: 'data',
  roles: { read: STAFF, create: ['department-head', 'system-administrator', 'technician'] },
  titleField: 'scope',
  byRoom: false,
  fields: [
    {
      key: 'scope',
      label: { zh: '检查范围', en: 'What was looked at' },
      help: { zh: '如：全院服务器与内网终端', en: 'e.g. all servers and computers of the inner network' },
      type: 'text',
      maxLength: 200,
      required: true,
      inList: true,
    },
    { key: 'checklist', label: { zh: '检查项目', en: 'Checklist' }, type: 'checklist', items: ITEMS, required: true },
    {
      key: 'viruses',
      label: { zh: '查出的病毒', en: 'Viruses found' },
      type: 'table',
      maxRows: 100,
      columns: [
        { key: 'host', label: { zh: '计算机', en: 'Computer' }, type: 'text', maxLength: 80, required: true },
        { key: 'virus', label: { zh: '病毒', en: 'Virus' }, type: 'text', maxLength: 100, required: true },
        { key: 'isolated', label: { zh: '已隔离', en: 'Cut off' }, type: 'yes-no', required: true },
        { key: 'handled', label: { zh: '清除与恢复', en: 'Removed, and recovered' }, type: 'text', maxLength: 200, required: true },
      ],
    },
    {
      key: 'result',
      label: { zh: '结论', en: 'Result' },
      type: 'choice',
      required: true,
      inList: true,
      choices: [
        { value: 'good', label: { zh: '符合要求', en: 'As it should be' } },
        { value: 'found', label: { zh: '有问题须整改', en: 'Something has to be put right' } },
      ],
    },
    {
      key: 'problems',
      label: { zh: '问题与要求', en: 'Problems, and what has to be done' },
      type: 'text',
      multiline: true,
      maxLength: 2000,
      required: true,
      when: { field: 'result', is: ['found'] },
    },
    {
      key: 'owner',
      label: { zh: '责任人', en: 'Owner' },
      type: 'person',
      required: true,
      inList: true,
      when: { field: 'result', is: ['found'] },
    },
    {
      key: 'dueOn',
      label: { zh: '期限', en: 'Deadline' },
      type: 'date',
      required: true,
      inList: true,
      when: { field: 'result', is: ['found'] },
    },
    PHOTOS,
    {
      key: 'correction',
      label: { zh: '整改情况', en: 'How it was put right' },
      type: 'text',
      multiline: true,
      maxLength: 2000,
      requiredAt: ['close'],
      editableIn: ['correcting'],
      when: { field: 'result', is: ['found'] },
    },
  ],
  states: [
    DRAFT,
    { name: 'good', label: { zh: '符合要求', en: 'As it should be' }, phase: 'done' },
    {
      name: 'correcting',
      label: { zh: '整改中', en: 'Being put right' },
      phase: 'open',
      waitsFor: ['department-head', 'system-administrator'],
      deadline: { field: 'dueOn', remindHours: 48, condition: 'overdue', priority: 'medium' },
    },
    { name: 'closed', label: { zh: '已整改', en: 'Put right' }, phase: 'done' },
    DISCARDED,
  ],
  moves: [
    {
      name: 'file-good',
      label: { zh: '符合要求，签名', en: 'As it should be: sign' },
      from: ['draft'],
      to: 'good',
      roles: ['department-head', 'system-administrator', 'technician'],
      signature: 'one',
      needs: [
        { field: 'result', is: ['good'], words: { zh: '有问题，请用“登记问题”', en: 'Something was found: use “File the problems”' } },
      ],
    },
    {
      name: 'file-found',
      label: { zh: '登记问题，签名', en: 'File the problems: sign' },
      from: ['draft'],
      to: 'correcting',
      roles: ['department-head', 'system-administrator', 'technician'],
      signature: 'one',
      needs: [{ field: 'result', is: ['found'], words: { zh: '结论写的是符合要求', en: 'The result says that all is as it should be' } }],
    },
    {
      name: 'close',
      label: { zh: '已整改，签名', en: 'Put right: sign' },
      from: ['correcting'],
      to: 'closed',
      roles: ['department-head', 'system-administrator'],
      alsoPerson: 'owner',
      signature: 'one',
    },
    discard('draft'),
  ],
  schedule: { everyDays: 30, outerDays: 31, perRoom: false, remindHours: 72 },
}
