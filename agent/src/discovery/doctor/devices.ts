import pino from 'pino'
import type { DeviceConfig } from '../../config/index.ts'
import { type Driver, type DriverContext, DriverError } from '../../drivers/driver.ts'
import { readDevice } from '../read-device.ts'
import { NO_POINTS } from '../snapshot-text.ts'
import { DEVICE_ADVICE, plain } from '../wording.ts'
import { type Finding, ok, problem } from './finding.ts'

const BAD_ADVICE =
  '检查传感器；没有接的测点用 overrides.<测点>.ignore: true 去掉 · check the sensor; leave out what is not connected by overrides.<point>.ignore: true'

/** Reads one device once, as the agent would. Never rejects for what a device does. */
export async function checkDevice(
  device: DeviceConfig,
  drivers: readonly Driver[],
  machine: Pick<DriverContext, 'clock' | 'profilesDir'>,
): Promise<Finding> {
  const subject = `设备 · device ${device.id} (${device.driver})`
  const driver = drivers.find(({ name }) => name === device.driver)
  if (driver === undefined) throw new Error(`no driver "${device.driver}" is registered`)
  const context = { log: pino({ level: 'silent' }), ...machine, timeoutMs: device.timeoutMs, wake() {} }
  try {
    const { points } = await readDevice({ driver, options: device.options, overrides: device.overrides, context })
    if (points.length === 0) return problem(subject, NO_POINTS, DEVICE_ADVICE.configuration)
    const bad = points.filter(({ reading }) => reading.quality === 'bad')
    const count = `${points.length} 个测点 · points`
    if (bad.length === 0) return ok(subject, count)
    const named = bad.map(({ reading }) => `${plain(reading.key)} (${reading.reason})`).join(', ')
    return problem(subject, `${count}, ${bad.length} 个不可信 · bad: ${named}`, BAD_ADVICE)
  } catch (error) {
    if (error instanceof DriverError) return problem(subject, `${error.kind}: ${plain(error.message)}`, DEVICE_ADVICE[error.kind])
    // One driver's bug must not hide what the other checks found.
    return problem(subject, `程序错误 · bug: ${String(error)}`, '请报告此错误 · please report it')
  }
}
