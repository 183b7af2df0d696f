/** Room classes of GB 50174-2017 Appendix A; default limits follow from the class. */
export const ROOM_CLASSES = {
  'computer-room': { zh: '主机房', en: 'Computer room' },
  auxiliary: { zh: '辅助区', en: 'Auxiliary area' },
  'ups-battery-room': { zh: 'UPS 电池室', en: 'UPS battery room' },
} as const
export type RoomClass = keyof typeof ROOM_CLASSES
export const ROOM_CLASS_NAMES = Object.keys(ROOM_CLASSES) as [RoomClass, ...RoomClass[]]
