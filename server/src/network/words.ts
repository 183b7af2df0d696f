import type { Address, Port } from '@roomkeeper/shared/http'
import type { Words } from '@roomkeeper/shared/registers'

/** Words of the network's sheets: what an export writes, an import reads. */

export const ADDRESS_WORDS = {
  address: { zh: 'IP 地址', en: 'IP address' },
  state: { zh: '状态', en: 'State' },
  hostname: { zh: '主机名', en: 'Host name' },
  mac: { zh: 'MAC 地址', en: 'MAC address' },
  department: { zh: '科室', en: 'Department' },
  custodian: { zh: '保管人', en: 'Custodian' },
  assetId: { zh: '资产编号', en: 'Asset number' },
  note: { zh: '备注', en: 'Note' },
} satisfies Record<string, Words>

export const PORT_WORDS = {
  switchName: { zh: '交换机', en: 'Switch' },
  port: { zh: '端口', en: 'Port' },
  label: { zh: '标签', en: 'Label' },
  state: { zh: '状态', en: 'State' },
  peer: { zh: '对端', en: 'Other end' },
  peerPort: { zh: '对端端口', en: 'Port there' },
  vlan: { zh: 'VLAN', en: 'VLAN' },
  cable: { zh: '线缆编号', en: 'Cable number' },
  roomId: { zh: '机房', en: 'Room' },
  assetId: { zh: '资产编号', en: 'Asset number' },
  note: { zh: '备注', en: 'Note' },
} satisfies Record<string, Words>

export const ADDRESS_STATE_WORDS: Readonly<Record<Address['state'], Words>> = {
  used: { zh: '已用', en: 'used' },
  reserved: { zh: '保留', en: 'reserved' },
  free: { zh: '空闲', en: 'free' },
}

export const PORT_STATE_WORDS: Readonly<Record<Port['state'], Words>> = {
  used: { zh: '在用', en: 'used' },
  free: { zh: '空闲', en: 'free' },
  disabled: { zh: '关闭', en: 'disabled' },
  broken: { zh: '故障', en: 'broken' },
}

export const CONFLICT_WORDS: Readonly<Record<Address['conflicts'][number], Words>> = {
  unknown: { zh: '在用但未登记', en: 'in use, not in the table' },
  'not-used': { zh: '登记为未用，实际在用', en: 'in use, though not used by the table' },
  'mac-differs': { zh: 'MAC 与登记不符', en: 'another MAC than in the table' },
  'two-macs': { zh: '两台设备用同一地址', en: 'two devices on one address' },
  'not-seen': { zh: '30 天未见', en: 'not seen for 30 days' },
}

export const PATCH_PROBLEM_WORDS: Readonly<Record<Port['patchProblems'][number], Words>> = {
  'two-ends': { zh: '接了两处', en: 'patched to two places' },
  'same-end': { zh: '对端已登记在另一端口', en: 'another port has the same other end' },
}
