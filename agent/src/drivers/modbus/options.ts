import { z } from 'zod'
import { registerPoint } from './register-map.ts'
import { MAX_REGISTERS } from './requests.ts'
import { serialKeys } from './serial-settings.ts'

/** The `modbus` device's own keys in agent.yaml. What is left out is the profile's, then the protocol's. */
export const modbusOptions = z
  .strictObject({
    transport: z
      .enum(['tcp', 'rtu-over-tcp', 'rtu'])
      .default('tcp')
      .describe(
        'tcp=Modbus TCP，rtu-over-tcp=串口服务器，rtu=本机串口 · tcp: Modbus TCP; rtu-over-tcp: a serial server; rtu: a serial port here',
      ),
    host: z.string().min(1).optional().describe('设备、网关或串口服务器地址 · Address of the device, gateway or serial server'),
    port: z.int().min(1).max(65535).default(502).describe('TCP 端口 · TCP port'),
    path: z.string().min(1).optional().describe('串口，如 /dev/ttyUSB0 · Serial port such as /dev/ttyUSB0'),
    ...serialKeys,
    unitId: z.int().min(0).max(255).default(1).describe('从站号 · Unit (slave) number'),
    profile: z.string().min(1).optional().describe('设备类型文件名，代替 points · Name of a device profile, instead of points'),
    pauseMs: z.int().min(0).max(10_000).optional().describe('两次请求之间的停顿，毫秒 · Pause between two requests, ms'),
    maxGap: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe('同一请求中允许跨过的无用地址数 · Unasked addresses that may be read along to save a request'),
    maxRegisters: z
      .int()
      .min(1)
      .max(MAX_REGISTERS)
      .optional()
      .describe('一次最多读取的寄存器数，设备拒绝长请求时调小 · Most registers in one request; lower it when the device refuses long ones'),
    maker: z.string().optional(),
    model: z.string().optional(),
    points: z.array(registerPoint).min(1).optional().describe('寄存器表 · The register map'),
  })
  .superRefine((options, context) => {
    const wrong = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message })
    const { transport, host, path, unitId, profile, points } = options
    if (transport === 'rtu') {
      if (path === undefined) wrong(['path'], 'is missing: transport rtu needs the serial port, such as /dev/ttyUSB0')
      if (host !== undefined)
        wrong(['host'], 'transport rtu is a serial port of this machine; for a serial server write transport: rtu-over-tcp')
    } else {
      if (host === undefined) wrong(['host'], 'is missing')
      if (path !== undefined) wrong(['path'], `transport ${transport} has no serial port; did you mean transport: rtu?`)
    }
    if (transport !== 'tcp' && (unitId < 1 || unitId > 247)) wrong(['unitId'], 'on a serial line units have the numbers 1 to 247')
    if (profile === undefined && points === undefined) wrong(['points'], 'is missing: give a profile, or the register map as points')
    if (profile !== undefined && points !== undefined) wrong(['points'], 'either a profile or points: a profile has its own')
    for (const [index, { key }] of (points ?? []).entries()) {
      if (points?.findIndex((other) => other.key === key) !== index) wrong(['points', index, 'key'], `"${key}" is there twice`)
    }
  })
export type ModbusOptions = z.infer<typeof modbusOptions>
