import { z } from 'zod'
import type { Channel } from '../channel.ts'
import { certificateAuthority } from '../http-post.ts'
import { allowedNetworks } from '../network-access.ts'
import { robotUrl } from '../robot.ts'

export const feishuSettings = z.strictObject({
  webhook: robotUrl('https://open.feishu.cn/open-apis/bot/v2/hook/…', (url) => /\/bot\/v2\/hook\/[^/]+$/.test(url.pathname)),
  secret: z
    .string()
    .min(8)
    .optional()
    .describe(
      '安全设置“签名校验”的密钥；只用关键词或 IP 白名单时不填 · Key of the setting “signature”; empty with keywords or an IP list only',
    ),
  allowedNetworks,
  ca: certificateAuthority,
})
export type FeishuSettings = z.infer<typeof feishuSettings>

/** A custom group robot (自定义机器人) of Feishu and Lark. */
export const feishuChannel: Channel<FeishuSettings> = {
  name: 'feishu',
  title: { zh: '飞书群机器人', en: 'Feishu (Lark) group robot' },
  summary: {
    zh: '在飞书群中发言并 @ 值班人；服务器须能访问互联网（或经院内代理）。每分钟最多 100 条、每秒 5 条。',
    en: 'Posts into a Feishu group and mentions who is on duty; needs the Internet or a relay. At most 100 a minute, 5 a second.',
  },
  settings: feishuSettings,
  secrets: ['webhook', 'secret'],
  address: {
    label: { zh: '飞书 open_id 或 user_id（不填则不 @）', en: 'open_id or user_id in Feishu (empty: no mention)' },
    schema: z
      .string()
      .regex(/^\w{0,64}$/, 'open_id 或 user_id · an open_id or a user_id')
      // <at user_id="all"> is everybody.
      .refine((address) => address.toLowerCase() !== 'all', '不能 @ 所有人 · not everybody'),
  },
  open: async (settings, context) => (await import('./protocol.ts')).openFeishu(settings, context),
}
