import { z } from 'zod'
import type { Channel } from '../channel.ts'
import { certificateAuthority } from '../http-post.ts'
import { allowedNetworks } from '../network-access.ts'
import { robotUrl } from '../robot.ts'

export const wecomSettings = z.strictObject({
  webhook: robotUrl('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…', (url) => (url.searchParams.get('key') ?? '') !== ''),
  allowedNetworks,
  ca: certificateAuthority,
})
export type WecomSettings = z.infer<typeof wecomSettings>

/** A group robot (群机器人, now 消息推送) of WeCom. */
export const wecomChannel: Channel<WecomSettings> = {
  name: 'wecom',
  title: { zh: '企业微信群机器人', en: 'WeCom group robot' },
  summary: {
    zh: '在企业微信群中发言并 @ 值班人；服务器须能访问互联网（或经院内代理）。每个机器人每分钟最多 20 条。',
    en: 'Posts into a WeCom group and mentions who is on duty; needs the Internet or a relay. At most 20 messages a minute.',
  },
  settings: wecomSettings,
  secrets: ['webhook'],
  address: {
    label: { zh: '企业微信手机号或 userid（不填则不 @）', en: 'Mobile number or userid in WeCom (empty: no mention)' },
    // "@all" would wake everybody for everything.
    schema: z.string().regex(/^(|\+?\d{6,15}|[A-Za-z0-9_][\w.@-]{0,63})$/, '手机号或 userid · a mobile number or a userid'),
  },
  open: async (settings, context) => (await import('./protocol.ts')).openWecom(settings, context),
}
