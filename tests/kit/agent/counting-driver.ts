import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type DeviceDescription, type Driver, DriverError, type RawReading } from '../../../agent/src/drivers/driver.ts'

const options = z.strictObject({ points: z.number().int().default(3) })

/** Lets a test decide how the devices behave while the agent runs. */
export interface CountingControl {
  isDown: boolean
  hangs: boolean
  reads: number
  value(key: string, read: number): RawReading['value']
  maker: string
}

/** A driver whose devices count: every point gives the number of the scan, unless the control says otherwise. */
export function countingDriver(name = 'counting'): { driver: Driver<z.output<typeof options>>; control: CountingControl } {
  const control: CountingControl = { isDown: false, hangs: false, reads: 0, value: (_key, read) => read, maker: 'Test' }
  const driver: Driver<z.output<typeof options>> = {
    name,
    summary: { zh: '计数', en: 'counts' },
    options,
    async open({ points }) {
      if (control.isDown) throw new DriverError('unreachable', 'the counting device is down')
      const description: DeviceDescription = {
        maker: control.maker,
        model: 'Counter',
        points: Array.from({ length: points }, (_, i) => ({
          key: `n${i}`,
          kind: 'number' as const,
          unit: '1' as const,
          name: { zh: `计数${i}`, en: `Count ${i}` },
        })),
      }
      let read = 0
      return {
        describe: async () => description,
        async read() {
          // Deaf to the signal on purpose: the agent must not depend on it.
          if (control.hangs) await delay(3_600_000, undefined, { ref: false })
          if (control.isDown) throw new DriverError('unreachable', 'the counting device is down')
          control.reads++
          read++
          return description.points.map(({ key }) => ({ key, value: control.value(key, read) }))
        },
        close: async () => {},
      }
    },
  }
  return { driver, control }
}
