import type { Driver } from './driver.ts'
import { modbusDriver } from './modbus/index.ts'
import { nutDriver } from './nut/index.ts'
import { simulatorDriver } from './simulator/index.ts'
import { snmpDriver } from './snmp/index.ts'
import { sysfsDriver } from './sysfs/index.ts'

/** The only list of drivers. */
export const DRIVERS: readonly Driver[] = [modbusDriver, nutDriver, simulatorDriver, snmpDriver, sysfsDriver]
