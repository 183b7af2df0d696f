import type { Driver } from '../driver.ts'
import { type SnmpOptions, snmpOptions } from './options.ts'

/** UPSes, PDUs and environment monitors with a network card. */
export const snmpDriver: Driver<SnmpOptions> = {
  name: 'snmp',
  summary: {
    zh: '通过 SNMP v1/v2c/v3 读取 UPS、PDU、环境监测设备；设备类型由 profiles 目录中的文件描述，自动识别；收到设备的 trap 立即读取。',
    en: 'Reads UPSes, PDUs and environment monitors over SNMP v1/v2c/v3; files in profiles/ describe the devices and are chosen by themselves; a trap makes it read at once.',
  },
  options: snmpOptions,
  open: async (options, context) => (await import('./connection.ts')).openSnmp(options, context),
}
