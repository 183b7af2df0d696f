import type { Driver } from '../driver.ts'
import { type IpmiOptions, ipmiOptions } from './options.ts'

/** Servers by their baseboard management controller. */
export const ipmiDriver: Driver<IpmiOptions> = {
  name: 'ipmi',
  summary: {
    zh: '通过 ipmitool 读取服务器 BMC 的传感器：进风温度、风扇、电源、机箱开启。',
    en: 'Reads the sensors of a server’s BMC through ipmitool: inlet temperature, fans, power supplies, intrusion.',
  },
  options: ipmiOptions,
  open: async (options, context) => (await import('./connection.ts')).openIpmi(options, context),
}
