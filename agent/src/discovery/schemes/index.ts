import type { DeviceScheme } from '../scheme.ts'
import { modbusScheme } from './modbus.ts'
import { nutScheme } from './nut.ts'
import { snmpScheme } from './snmp.ts'
import { sysfsScheme } from './sysfs.ts'

/** The only list of URL schemes. */
export const SCHEMES: readonly DeviceScheme[] = [nutScheme, snmpScheme, modbusScheme, sysfsScheme]
