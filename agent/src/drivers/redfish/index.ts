import type { Driver } from '../driver.ts'
import { type RedfishOptions, redfishOptions } from './options.ts'

/** Servers and rack PDUs by DMTF Redfish. */
export const redfishDriver: Driver<RedfishOptions> = {
  name: 'redfish',
  summary: {
    zh: '通过 Redfish 读取服务器 BMC 和机柜 PDU：进风温度、风扇、电源、功率、健康状态、机箱开启。',
    en: 'Reads BMCs of servers and rack PDUs by Redfish: inlet temperature, fans, power supplies, power, health, intrusion.',
  },
  options: redfishOptions,
  open: async (options, context) => (await import('./connection.ts')).openRedfish(options, context),
}
