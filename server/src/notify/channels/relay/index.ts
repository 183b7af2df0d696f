import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, type ChannelContext, ChannelError } from '../channel.ts'
import { guardedConnection } from '../guarded-connection.ts'
import { type RelaySettings, relaySettings } from './settings.ts'

/** A person who tries the beacon has to see it; then the room shall be quiet again. */
const TRIAL_MS = 3000
const OFF_MS = 10_000
const TURNS_ON: ReadonlySet<string> = new Set(['raise', 're-alarm', 'escalation'])
const TRIES: ReadonlySet<string> = new Set(['test', 'drill'])

/**
 * A beacon or siren at an agent's output. A single notice only turns it on at once; when it goes off, and whether it still is as it
 * should be, is for `beacons.ts`, which knows all alarms that stand.
 */
export const relayChannel: Channel<RelaySettings> = {
  name: 'relay',
  title: { zh: '声光报警器（继电器）', en: 'Beacon or siren (relay)' },
  summary: {
    zh: '通过采集器的输出点（如 Modbus 线圈）接通声光报警器，告警全部确认或恢复后关断；不需要网络和人员地址。',
    en: 'Turns on a beacon or siren at an output of an agent (e.g. a Modbus coil), and off when all alarms are acknowledged or have cleared.',
  },
  settings: relaySettings,
  secrets: [],
  address: null,
  async open(settings, context) {
    return guardedConnection(async ({ kind }, _recipient, signal) => {
      if (TRIES.has(kind)) return { answer: await tryOut(settings, context, signal) }
      if (TURNS_ON.has(kind)) return { answer: await turn(true, settings, context, signal) }
      return {
        answer:
          '不为此通知动作；是否关断由尚未处理的告警决定 · not switched for this notice; the alarms that still stand decide when it goes off',
      }
    })
  },
}

async function tryOut(settings: RelaySettings, context: ChannelContext, signal: AbortSignal): Promise<string> {
  const answer = await turn(true, settings, context, signal)
  await sleep(TRIAL_MS, undefined, { signal }).catch(() => undefined)
  // Also when the trial was aborted: nobody may be left with a siren that sounds for nothing.
  await turn(false, settings, context, AbortSignal.timeout(OFF_MS))
  return answer
}

function turn(value: boolean, { deviceId, key }: RelaySettings, { switchOutput }: ChannelContext, signal: AbortSignal): Promise<string> {
  if (switchOutput === undefined) throw new ChannelError('configuration', '此处无法控制输出 · outputs cannot be switched here')
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new ChannelError('unreachable', '未在限定时间内切换 · not switched within the time'))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    switchOutput(deviceId, key, value, signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
  })
}
