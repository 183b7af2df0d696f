import type { Driver } from './driver.ts'
import { execDriver } from './exec/index.ts'
import { httpJsonDriver } from './http-json/index.ts'
import { ipmiDriver } from './ipmi/index.ts'
import { modbusDriver } from './modbus/index.ts'
import { mqttDeviceDriver } from './mqtt-device/index.ts'
import { nutDriver } from './nut/index.ts'
import { redfishDriver } from './redfish/index.ts'
import { simulatorDriver } from './simulator/index.ts'
import { snmpDriver } from './snmp/index.ts'
import { sysfsDriver } from './sysfs/index.ts'

/** The only list of drivers. */
export const DRIVERS: readonly Driver[] = [
  execDriver,
  httpJsonDriver,
  ipmiDriver,
  modbusDriver,
  mqttDeviceDriver,
  nutDriver,
  redfishDriver,
  simulatorDriver,
  snmpDriver,
  sysfsDriver,
]
