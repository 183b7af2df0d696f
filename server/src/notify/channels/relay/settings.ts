import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import { z } from 'zod'

export const relaySettings = z.strictObject({
  deviceId: z.int().min(1).describe('接有声光报警器的设备编号 · Number of the device that the beacon is wired to'),
  key: z
    .string()
    .regex(/^\S{1,64}$/, '应为测点的键，不含空格 · must be the key of a point, without spaces')
    .describe('输出测点的键（如 Modbus 线圈） · Key of the output point, e.g. a Modbus coil'),
  minPriority: z.enum(ALARM_PRIORITIES).default('high').describe('从此优先级起接通 · On for alarms of this priority and above'),
  until: z
    .enum(['acknowledged', 'cleared'])
    .default('acknowledged')
    .describe(
      '何时关断：acknowledged 为全部告警已确认后，cleared 为全部告警已恢复后 · Off when all alarms are acknowledged, or when all have cleared',
    ),
  roomIds: z
    .array(z.int().min(1))
    .default([])
    .describe('只为这些机房的告警接通；不填为全部机房 · Only for alarms of these rooms; none means all rooms'),
})
export type RelaySettings = z.infer<typeof relaySettings>
