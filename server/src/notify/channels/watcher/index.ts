import { z } from 'zod'
import type { Channel } from '../channel.ts'
import { certificateAuthority } from '../http-post.ts'
import { allowedNetworks } from '../network-access.ts'
import { signedPostUrl, signingSecret } from '../signed-post.ts'

const settings = z.strictObject({
  url: signedPostUrl.describe(
    '另一台机器上 roomkeeper watchdog 的地址，如 http://10.1.2.3:8091/heartbeat · Address of roomkeeper watchdog on another machine',
  ),
  secret: signingSecret.describe('签名密钥，与 watchdog.yaml 中的 secret 相同 · Key of the signature, the same as secret in watchdog.yaml'),
  allowedNetworks,
  ca: certificateAuthority,
})
export type WatcherSettings = z.infer<typeof settings>

/** The dead man's switch: whoever stops hearing from this server tells people by ways of its own. */
export const watcherChannel: Channel<WatcherSettings> = {
  name: 'watcher',
  title: { zh: '外部看门狗', en: 'Outside watcher' },
  summary: {
    zh: '每分钟向另一台机器上的 roomkeeper watchdog 发送签名心跳；本服务器停下时由它通知人员。不传送告警。',
    en: 'A signed heartbeat each minute to roomkeeper watchdog on another machine, which tells people when this server falls silent. Carries no alarms.',
  },
  settings,
  secrets: ['secret'],
  address: null,
  carries: 'heartbeat',
  open: async (options, context) => (await import('./connection.ts')).openWatcher(options, context),
}
