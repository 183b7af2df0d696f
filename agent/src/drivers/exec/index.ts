import type { Driver } from '../driver.ts'
import { type ExecOptions, execOptions } from './options.ts'

/** Whatever a Nagios plugin can check. */
export const execDriver: Driver<ExecOptions> = {
  name: 'exec',
  summary: {
    zh: '运行 Nagios 插件（退出码和性能数据），不经 shell。',
    en: 'Runs a Nagios plugin (exit code and performance data), without a shell.',
  },
  options: execOptions,
  open: async (options, context) => (await import('./connection.ts')).openExec(options, context),
}
