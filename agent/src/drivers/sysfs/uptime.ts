import { numberReading, parseNumber, type SensorFinder } from './sensor.ts'

/** Beside where sysfs is mounted: /proc, or the host's in a container that has both under one folder. */
const FILE = '../proc/uptime'

/** proc(5): seconds since the machine was started, then its idle time. The server takes a small one for a restart. */
export const findUptime: SensorFinder = async (tree) => {
  if (!Number.isFinite(secondsOf((await tree.optionalText(FILE)) ?? ''))) return []
  const key = 'uptime'
  return [
    {
      description: { key, kind: 'uptime', unit: 's', name: { zh: '运行时长', en: 'Uptime' } },
      read: async (from, signal) => numberReading(key, Math.floor(secondsOf(await from.text(FILE, signal)))),
    },
  ]
}

function secondsOf(text: string): number {
  return parseNumber(text.split(' ')[0] ?? '')
}
