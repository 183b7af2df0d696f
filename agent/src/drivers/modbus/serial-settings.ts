import { z } from 'zod'

const BAUD_RATES = [1200, 2400, 4800, 9600, 14_400, 19_200, 38_400, 57_600, 115_200] as const

/** How a serial line is set; what is left out is the profile's, or 9600 8N1. */
export const serialKeys = {
  baudRate: z.literal(BAUD_RATES).optional().describe('波特率，默认随 profile，否则 9600 · Baud rate; by default the profile’s, else 9600'),
  dataBits: z.literal([7, 8]).optional().describe('数据位，默认 8 · Data bits, 8 by default'),
  parity: z.enum(['none', 'even', 'odd']).optional().describe('校验，默认 none · Parity, none by default'),
  stopBits: z.literal([1, 2]).optional().describe('停止位，默认 1 · Stop bits, 1 by default'),
}
const serialSettings = z.strictObject(serialKeys).required()
export type SerialSettings = z.infer<typeof serialSettings>

export const DEFAULT_SERIAL: SerialSettings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 }

/** `9600 8N1`. */
export function serialText({ baudRate, dataBits, parity, stopBits }: SerialSettings): string {
  return `${baudRate} ${dataBits}${parity[0]?.toUpperCase()}${stopBits}`
}
