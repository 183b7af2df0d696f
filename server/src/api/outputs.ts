import { type SwitchOutputDeps, SwitchOutputError, switchOutput } from '../devices/switch-output.ts'
import { actorOf, api } from './base.ts'

/** Outputs of devices, switched by people. */
export function createOutputHandlers(deps: SwitchOutputDeps) {
  return {
    switch: api.outputs.switch.handler(async ({ input, context, errors }) => {
      const { key } = input
      try {
        return await switchOutput(deps, { ...input, actor: actorOf(context).username })
      } catch (error) {
        if (!(error instanceof SwitchOutputError)) throw error
        if (error.fault === 'unknown') throw errors.NOT_FOUND()
        if (error.fault === 'no-output')
          throw errors.INVALID({
            message: `测点“${key}”不是可控制的输出 / “${key}” is no output that can be switched`,
            data: { field: 'key', allowed: '可控制的输出 / an output' },
          })
        if (error.fault === 'wrong-type')
          throw errors.INVALID({
            message: error.allowed === 'boolean' ? '应为 true 或 false / Must be true or false' : '应为数值 / Must be a number',
            data: { field: 'value', allowed: error.allowed ?? '' },
          })
        throw errors.UNAVAILABLE({ message: error.message })
      }
    }),
  }
}
