import type { Field, RegisterDefinition } from '@roomkeeper/shared/registers'
import { DISCARDED, DRAFT, discard, KEEPERS, MEDIA_KINDS, PHOTOS, STAFF } from './words.ts'

const KEPT = ['stored', 'lent']

const FIELDS: readonly Field[] = [
  { key: 'number', label: { zh: '编号', en: 'Number' }, type: 'text', maxLength: 40, required: true, inList: true },
  { key: 'name', label: { zh: '名称', en: 'Name' }, type: 'text', maxLength: 100, required: true, inList: true },
  { key: 'kind', label: { zh: '介质', en: 'Medium' }, type: 'choice', choices: MEDIA_KINDS, required: true, inList: true },
  {
    key: 'content',
    label: { zh: '内容', en: 'Content' },
    type: 'choice',
    required: true,
    inList: true,
    choices: [
      { value: 'backup', label: { zh: '数据备份', en: 'Backup of data' } },
      { value: 'software', label: { zh: '软件', en: 'Software' } },
      { value: 'patients', label: { zh: '患者数据', en: 'Patients’ data' } },
      { value: 'configuration', label: { zh: '配置、密钥', en: 'Configuration or keys' } },
      { value: 'empty', label: { zh: '空白', en: 'Empty' } },
      { value: 'other', label: { zh: '其他', en: 'Other' } },
    ],
  },
  {
    key: 'secrecy',
    label: { zh: '密级', en: 'Secrecy' },
    type: 'choice',
    required: true,
    choices: [
      { value: 'open', label: { zh: '公开', en: 'Open' } },
      { value: 'internal', label: { zh: '内部', en: 'Internal' } },
      { value: 'secret', label: { zh: '机密', en: 'Secret' } },
    ],
  },
  { key: 'copies', label: { zh: '份数', en: 'Copies' }, type: 'number', low: 1, high: 1000, integer: true },
  { key: 'custodian', label: { zh: '保管人', en: 'Custodian' }, type: 'person', required: true, inList: true },
  {
    key: 'location',
    label: { zh: '存放处', en: 'Kept at' },
    help: { zh: '如：防磁柜 2 层；异地备份写明地点', en: 'e.g. data safe, 2nd shelf; of an offsite copy the place' },
    type: 'text',
    maxLength: 100,
    required: true,
    inList: true,
  },
  { key: 'writtenOn', label: { zh: '制作日期', en: 'Written on' }, type: 'date' },
  { key: 'keepUntil', label: { zh: '保存至', en: 'Keep until' }, type: 'date' },
  { key: 'note', label: { zh: '备注', en: 'Note' }, type: 'text', maxLength: 500 },
  PHOTOS,
]

/** Regulation T5: data and software media are kept by a named person. */
export const media: RegisterDefinition = {
  name: 'media',
  title: { zh: '介质台账', en: 'Media' },
  summary: {
    zh: '数据与软件介质由专人保管：内容、密级、存放处',
    en: 'Data and software media are kept by a named person: what is on them, how secret, where',
  },
  clauses: ['T5', 'T6'],
  numberPrefix: 'MED',
  group: 'data',
  roles: { read: STAFF, create: KEEPERS },
  titleField: 'name',
  byRoom: false,
  fields: [
    ...FIELDS,
    {
      key: 'destroyedHow',
      label: { zh: '销毁方式', en: 'How it was destroyed' },
      type: 'text',
      maxLength: 200,
      requiredAt: ['destroy'],
      editableIn: ['stored'],
    },
  ],
  states: [
    DRAFT,
    { name: 'stored', label: { zh: '在库', en: 'In store' }, phase: 'kept' },
    { name: 'lent', label: { zh: '已借出', en: 'Lent' }, phase: 'kept' },
    { name: 'destroyed', label: { zh: '已销毁', en: 'Destroyed' }, phase: 'done' },
    { name: 'lost', label: { zh: '丢失', en: 'Lost' }, phase: 'done' },
    DISCARDED,
  ],
  moves: [
    { name: 'register', label: { zh: '登记入库', en: 'Register' }, from: ['draft'], to: 'stored', roles: KEEPERS },
    { name: 'lend', label: { zh: '借出', en: 'Lent' }, from: ['stored'], to: 'lent', roles: KEEPERS, alsoPerson: 'custodian' },
    {
      name: 'return',
      label: { zh: '归还入库', en: 'Back in store' },
      from: ['lent'],
      to: 'stored',
      roles: KEEPERS,
      alsoPerson: 'custodian',
    },
    {
      name: 'destroy',
      label: { zh: '销毁', en: 'Destroyed' },
      from: ['stored'],
      to: 'destroyed',
      roles: ['department-head'],
      signature: 'two',
      commentRequired: true,
      danger: true,
    },
    {
      name: 'lose',
      label: { zh: '登记丢失', en: 'Lost' },
      from: KEPT,
      to: 'lost',
      roles: ['department-head'],
      signature: 'one',
      commentRequired: true,
      danger: true,
    },
    {
      name: 'find',
      label: { zh: '已找回', en: 'Found again' },
      from: ['lost'],
      to: 'stored',
      roles: ['department-head'],
      commentRequired: true,
    },
    discard('draft'),
  ],
  import: { keyField: 'number' },
  print: { list: 'landscape' },
}
