import pino from 'pino'
import { deviceShape } from '../config/schema.ts'
import { type DriverContext, DriverError } from '../drivers/driver.ts'
import { DEVICE_ADVICE, plain } from './wording.ts'
import { WrongInput } from './wrong-input.ts'

/** Where a command prints: results and messages. */
export interface Output {
  result(line: string): void
  message(line: string): void
}

export const consoleOutput: Output = { result: (line) => console.log(line), message: (line) => console.error(line) }

/** What a driver gets when a person asks once: no log, the machine's clock. Throws a WrongInput when the time-out cannot be. */
export function driverContext({ timeoutMs, profiles }: { timeoutMs: number; profiles?: string }): DriverContext {
  const { minValue, maxValue } = deviceShape.timeoutMs.unwrap()
  if (!deviceShape.timeoutMs.safeParse(timeoutMs).success)
    throw new WrongInput(`--timeout-ms: 应为 ${minValue}–${maxValue} 的整数 · must be a whole number from ${minValue} to ${maxValue}`)
  return { log: pino({ level: 'silent' }), clock: { nowMs: () => Date.now() }, timeoutMs, profilesDir: profiles, wake() {} }
}

/** Runs a command and gives its exit code: what the person wrote wrong is 2, a device that cannot be read is 1; each one a sentence. */
export async function exitCodeOf(output: Output, command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    if (error instanceof WrongInput) {
      output.message(error.message)
      return 2
    }
    if (error instanceof DriverError) {
      output.message(deviceErrorText(error))
      return 1
    }
    throw error
  }
}

/** `unreachable: … → what to do`. */
export function deviceErrorText(error: DriverError): string {
  return `${error.kind}: ${plain(error.message)} → ${DEVICE_ADVICE[error.kind]}`
}
