import type { DeviceScheme } from '../scheme.ts'
import { ipmiScheme } from './ipmi.ts'
import { modbusScheme, rtuOverTcpScheme, rtuScheme } from './modbus.ts'
import { mqttScheme, mqttsScheme } from './mqtt.ts'
import { nutScheme } from './nut.ts'
import { redfishScheme } from './redfish.ts'
import { snmpScheme } from './snmp.ts'
import { sysfsScheme } from './sysfs.ts'

/** The only list of URL schemes. */
export const SCHEMES: readonly DeviceScheme[] = [
  nutScheme,
  snmpScheme,
  modbusScheme,
  rtuScheme,
  rtuOverTcpScheme,
  sysfsScheme,
  mqttScheme,
  mqttsScheme,
  ipmiScheme,
  redfishScheme,
]
