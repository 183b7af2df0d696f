import { z } from 'zod'
import { id, longText, route, shortText, timeMs } from './contract-base.ts'

export const outputs = {
  switch: route
    .route({
      method: 'POST',
      path: '/devices/{deviceId}/outputs/{key}',
      tags: ['outputs'],
      summary: 'Switch an output of a device: a relay or beacon by true or false, a holding register by a number',
    })
    .meta({ permission: 'outputs.write' })
    .input(
      z.object({
        deviceId: id,
        key: shortText.describe('Key of the point; it must be one that the device lets be written (isWritable)'),
        value: z.union([z.boolean(), z.number()]),
        reason: longText.default(''),
      }),
    )
    .output(
      z.object({
        sentAtMs: timeMs,
        /** Whether the device has read back the new state within a few seconds; else its next reading tells. */
        confirmed: z.boolean(),
      }),
    ),
}
