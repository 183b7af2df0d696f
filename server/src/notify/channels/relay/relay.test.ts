import type { NoticeKind } from '@roomkeeper/shared/model'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { channelContract, exampleNotice } from '../../../../../tests/kit/channel-contract.ts'
import { ChannelError } from '../channel.ts'
import { relayChannel } from './index.ts'
import { relaySettings } from './settings.ts'

const [WORKING, OFFLINE, SILENT, NO_OUTPUT] = [1, 2, 3, 4]
const nobody = { name: '', address: '' }

/** Stands for ingest and its agents: the device's number says how they behave. */
function fakeOutputs(switched: string[]) {
  return async (deviceId: number, key: string, value: boolean, _signal: AbortSignal): Promise<string> => {
    if (deviceId === OFFLINE) throw new ChannelError('unreachable', '采集器不在线 · the agent is offline')
    if (deviceId === NO_OUTPUT) throw new ChannelError('refused', '不是输出 · no output')
    if (deviceId === SILENT) return new Promise<string>(() => undefined)
    switched.push(`${key} ${value}`)
    return `${key} 已切换 · switched`
  }
}
const at = (deviceId: number) => async () => ({
  settings: { deviceId, key: 'beacon' },
  recipient: nobody,
  dispose: async () => undefined,
})

describe('relay', () => {
  const switched: string[] = []
  channelContract({
    // What arrives is a switched coil; notices that switch nothing (clear) are looked at below.
    channel: relayChannel,
    carriesText: false,
    switchOutput: fakeOutputs(switched),
    startPeer: async () => ({ ...(await at(WORKING)()), received: async () => switched }),
    unreachable: at(OFFLINE),
    silent: at(SILENT),
    refusing: at(NO_OUTPUT),
    wrongRecipient: { notApplicable: 'a beacon has no recipients' },
    invalidSettings: [
      { settings: { key: 'beacon' }, key: 'deviceId' },
      { settings: { deviceId: 1 }, key: 'key' },
      { settings: { deviceId: 1, key: 'a b' }, key: 'key' },
      { settings: { deviceId: 1, key: 'beacon', minPriority: 'urgent' }, key: 'minPriority' },
      { settings: { deviceId: 1, key: 'beacon', until: 'never' }, key: 'until' },
      { settings: { deviceId: 1, key: 'beacon', colour: 'red' }, key: 'colour' },
    ],
    invalidAddresses: [],
  })

  const afterNotice = async (kind: NoticeKind, signal = AbortSignal.timeout(8000)): Promise<string[]> => {
    const seen: string[] = []
    const connection = await relayChannel.open(relaySettings.parse({ deviceId: WORKING, key: 'beacon' }), {
      log: pino({ level: 'silent' }),
      clock: { nowMs: () => Date.now() },
      onReply: () => undefined,
      switchOutput: fakeOutputs(seen),
    })
    await connection.send(exampleNotice({ kind }), nobody, signal).catch(() => undefined)
    await connection.close()
    return seen
  }

  it.each([
    ['raise', ['beacon true']],
    ['re-alarm', ['beacon true']],
    ['escalation', ['beacon true']],
    ['clear', []],
    ['all-clear', []],
    ['system', []],
    ['test', ['beacon true', 'beacon false']],
  ] as const)('%s switches %j', async (kind, expected) => {
    expect(await afterNotice(kind)).toEqual(expected)
  })

  it('a trial that is aborted still ends with the beacon off', async () => {
    expect(await afterNotice('test', AbortSignal.timeout(100))).toEqual(['beacon true', 'beacon false'])
  })
})
