import type { Driver, DriverContext } from '../driver.ts'
import { type ModbusOptions, modbusOptions } from './options.ts'

/** Meters, transmitters, air conditioners, contact and relay modules over Modbus TCP, RTU and RTU over TCP. */
export const modbusDriver: Driver<ModbusOptions> = {
  name: 'modbus',
  summary: {
    zh: '通过 Modbus TCP、RS-485 串口（RTU）或串口服务器读取电表、温湿度变送器、精密空调、干接点模块，并可控制继电器输出；设备类型由 profiles 目录中的文件描述，也可在 agent.yaml 中写寄存器表。',
    en: 'Reads meters, transmitters, air conditioners and contact modules over Modbus TCP, an RS-485 serial port (RTU) or a serial server, and switches relay outputs; files in profiles/ describe the devices, or the register map is in agent.yaml.',
  },
  options: modbusOptions,
  open: async (opened: ModbusOptions, context: DriverContext) => (await import('./connection.ts')).openModbus(opened, context),
}
