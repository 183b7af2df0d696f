import { z } from 'zod'
import type { Channel } from '../channel.ts'
import { certificateAuthority } from '../http-post.ts'
import { allowedNetworks } from '../network-access.ts'
import { robotUrl } from '../robot.ts'

export const dingtalkSettings = z.strictObject({
  webhook: robotUrl('https://oapi.dingtalk.com/robot/send?access_token=…', (url) => (url.searchParams.get('access_token') ?? '') !== ''),
  secret: z
    .string()
    .min(8)
    .optional()
    .describe(
      '安全设置“加签”的密钥（SEC 开头）；只用关键词或 IP 段时不填 · Key of the setting “sign” (begins with SEC); empty with keywords or IP ranges only',
    ),
  allowedNetworks,
  ca: certificateAuthority,
})
export type DingtalkSettings = z.infer<typeof dingtalkSettings>

/** A custom group robot (自定义机器人) of DingTalk. */
export const dingtalkChannel: Channel<DingtalkSettings> = {
  name: 'dingtalk',
  title: { zh: '钉钉群机器人', en: 'DingTalk group robot' },
  summary: {
    zh: '在钉钉群中发言并 @ 值班人；服务器须能访问互联网（或经院内代理）。每分钟最多 20 条，超出后停 10 分钟。',
    en: 'Posts into a DingTalk group and mentions who is on duty; needs the Internet or a relay. 20 a minute; more silences it for 10 minutes.',
  },
  settings: dingtalkSettings,
  secrets: ['webhook', 'secret'],
  address: {
    label: { zh: '钉钉手机号或 userId（不填则不 @）', en: 'Mobile number or userId in DingTalk (empty: no mention)' },
    schema: z.string().regex(/^(|\+?\d[\d-]{5,19}|[\w$.-]{1,64})$/, '手机号或 userId · a mobile number or a userId'),
  },
  open: async (settings, context) => (await import('./protocol.ts')).openDingtalk(settings, context),
}
