import type { Field, RegisterDefinition } from '@roomkeeper/shared/registers'
import { DISCARDED, DRAFT, discard, EQUIPMENT, KEEPERS, PHOTOS, STAFF } from './words.ts'

/** An asset's file is kept up to date as long as it is there. */
const KEPT = ['in-use', 'idle', 'repair']
const PURCHASE = { zh: '购置', en: 'Purchase' }
const NETWORK = { zh: '网络与监测', en: 'Network and monitoring' }
const OPERATION = { zh: '操作', en: 'Operation' }

const FIELDS: readonly Field[] = [
  {
    key: 'number',
    label: { zh: '资产编号', en: 'Asset number' },
    type: 'text',
    maxLength: 40,
    required: true,
    inList: true,
  },
  { key: 'name', label: { zh: '名称', en: 'Name' }, type: 'text', maxLength: 100, required: true, inList: true },
  { key: 'category', label: { zh: '类别', en: 'Category' }, type: 'choice', choices: EQUIPMENT, required: true, inList: true },
  { key: 'maker', label: { zh: '厂商', en: 'Maker' }, type: 'text', maxLength: 60 },
  { key: 'model', label: { zh: '型号', en: 'Model' }, type: 'text', maxLength: 100, required: true, inList: true },
  { key: 'serial', label: { zh: '序列号', en: 'Serial number' }, type: 'text', maxLength: 80 },
  { key: 'department', label: { zh: '使用科室', en: 'Department' }, type: 'text', maxLength: 60, required: true, inList: true },
  { key: 'custodianName', label: { zh: '保管人', en: 'Custodian' }, type: 'text', maxLength: 60, required: true, inList: true },
  {
    key: 'custodian',
    label: { zh: '保管人账号', en: 'Account of the custodian' },
    help: { zh: '保管人在本系统有账号时选择', en: 'When the custodian has an account here' },
    type: 'person',
  },
  { key: 'room', label: { zh: '机房', en: 'Room' }, type: 'room', inList: true },
  {
    key: 'location',
    label: { zh: '位置', en: 'Location' },
    help: { zh: '机柜与 U 位，或房间号', en: 'Rack and unit, or the room’s number' },
    type: 'text',
    maxLength: 100,
    inList: true,
  },
  { key: 'boughtOn', label: { zh: '购置日期', en: 'Bought on' }, section: PURCHASE, type: 'date' },
  { key: 'supplier', label: { zh: '供应商', en: 'Supplier' }, section: PURCHASE, type: 'text', maxLength: 100 },
  { key: 'price', label: { zh: '原值', en: 'Price' }, section: PURCHASE, type: 'number', unit: 'CNY', low: 0, high: 1_000_000_000 },
  { key: 'warrantyUntil', label: { zh: '保修至', en: 'Warranty until' }, section: PURCHASE, type: 'date', inList: true },
  {
    key: 'ip',
    label: { zh: 'IP 地址', en: 'IP address' },
    section: NETWORK,
    type: 'text',
    maxLength: 45,
    pattern: { regex: '^[0-9a-fA-F.:]{2,45}$', words: { zh: '如 10.1.20.15', en: 'e.g. 10.1.20.15' } },
  },
  {
    key: 'mac',
    label: { zh: 'MAC 地址', en: 'MAC address' },
    section: NETWORK,
    type: 'text',
    maxLength: 17,
    pattern: { regex: '^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$', words: { zh: '如 00:1B:44:11:3A:B7', en: 'e.g. 00:1B:44:11:3A:B7' } },
  },
  { key: 'device', label: { zh: '监测设备', en: 'Monitored device' }, section: NETWORK, type: 'device' },
  {
    key: 'procedure',
    label: { zh: '操作规程', en: 'Operating procedure' },
    help: { zh: '名称与存放处，或要点', en: 'Its name and where it is kept, or what matters' },
    section: OPERATION,
    type: 'text',
    multiline: true,
    maxLength: 4000,
  },
  {
    key: 'switchedBy',
    label: { zh: '仅限何人开关电源', en: 'Switched only by' },
    help: {
      zh: '服务器、网络设备、UPS、空调须指定专人',
      en: 'Servers, network, UPS and air conditioners are operated by named people only',
    },
    section: OPERATION,
    type: 'text',
    maxLength: 200,
  },
  { key: 'note', label: { zh: '备注', en: 'Note' }, section: OPERATION, type: 'text', multiline: true, maxLength: 1000 },
  { ...PHOTOS, section: OPERATION },
]

/** Regulation T1, E4: every computer, network device and peripheral with its department and custodian; increases, decreases and changes are counted from its steps. */
export const asset: RegisterDefinition = {
  name: 'asset',
  title: { zh: '资产档案', en: 'Asset' },
  summary: {
    zh: '计算机、网络设备、外设的档案：名称、型号、科室、保管人，增减变动自动统计',
    en: 'Every computer, network device and peripheral: name, model, department, custodian; increases, decreases and changes are counted',
  },
  clauses: ['T1', 'E4'],
  numberPrefix: 'AST',
  group: 'things',
  roles: { read: STAFF, create: KEEPERS },
  titleField: 'name',
  byRoom: false,
  fields: [
    ...FIELDS,
    {
      key: 'removedHow',
      label: { zh: '减少方式', en: 'How it left' },
      section: { zh: '减少', en: 'Decrease' },
      type: 'choice',
      choices: [
        { value: 'scrapped', label: { zh: '报废', en: 'Scrapped' } },
        { value: 'transferred', label: { zh: '调出', en: 'Transferred out' } },
        { value: 'returned', label: { zh: '退回', en: 'Returned' } },
        { value: 'lost', label: { zh: '丢失', en: 'Lost' } },
      ],
      requiredAt: ['scrap'],
      editableIn: KEPT,
    },
    {
      key: 'dataErased',
      label: { zh: '数据清除情况', en: 'How its data was erased' },
      section: { zh: '减少', en: 'Decrease' },
      type: 'text',
      maxLength: 200,
      requiredAt: ['scrap'],
      editableIn: KEPT,
    },
  ],
  states: [
    DRAFT,
    { name: 'in-use', label: { zh: '在用', en: 'In use' }, phase: 'kept' },
    { name: 'idle', label: { zh: '闲置', en: 'Idle' }, phase: 'kept' },
    { name: 'repair', label: { zh: '维修中', en: 'In repair' }, phase: 'kept' },
    { name: 'scrapped', label: { zh: '已减少', en: 'Gone' }, phase: 'done' },
    DISCARDED,
  ],
  moves: [
    { name: 'register', label: { zh: '登记建档', en: 'Register' }, from: ['draft'], to: 'in-use', roles: KEEPERS },
    { name: 'idle', label: { zh: '转为闲置', en: 'Not in use any more' }, from: ['in-use', 'repair'], to: 'idle', roles: KEEPERS },
    { name: 'use', label: { zh: '投入使用', en: 'Put to use' }, from: ['idle', 'repair'], to: 'in-use', roles: KEEPERS },
    { name: 'repair', label: { zh: '送修', en: 'Send to repair' }, from: ['in-use', 'idle'], to: 'repair', roles: KEEPERS },
    {
      name: 'scrap',
      label: { zh: '报废、调出', en: 'Scrap or give away' },
      from: KEPT,
      to: 'scrapped',
      roles: ['department-head', 'system-administrator'],
      signature: 'one',
      commentRequired: true,
      danger: true,
    },
    {
      name: 'restore',
      label: { zh: '撤销减少', en: 'It is here after all' },
      from: ['scrapped'],
      to: 'idle',
      roles: ['department-head'],
      commentRequired: true,
    },
    discard('draft'),
  ],
  import: { keyField: 'number' },
  print: { list: 'landscape' },
}
