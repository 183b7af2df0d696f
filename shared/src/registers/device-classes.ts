/** Classes of what is inspected; each has its own checklist (server/src/registers/inspection/checklists.ts). */
export const DEVICE_CLASSES = {
  room: { zh: '机房环境', en: 'The room' },
  ups: { zh: 'UPS', en: 'UPS' },
  'air-conditioner': { zh: '空调', en: 'Air conditioner' },
  server: { zh: '服务器', en: 'Servers' },
  network: { zh: '网络设备', en: 'Network equipment' },
  storage: { zh: '存储设备', en: 'Storage' },
  power: { zh: '配电', en: 'Power distribution' },
  fire: { zh: '消防设备', en: 'Fire protection' },
  generic: { zh: '其他设备', en: 'Other equipment' },
} as const
export type DeviceClass = keyof typeof DEVICE_CLASSES
export const DEVICE_CLASS_NAMES = Object.keys(DEVICE_CLASSES) as [DeviceClass, ...DeviceClass[]]
