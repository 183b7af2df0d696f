import { z } from 'zod'
import type { Channel } from '../channel.ts'
import { type MailSettings, mailSettings } from './settings.ts'

/** Mail through the hospital's own or any other SMTP server. */
export const mailChannel: Channel<MailSettings> = {
  name: 'mail',
  title: { zh: '邮件', en: 'Mail' },
  summary: {
    zh: '通过 SMTP 服务器发邮件，院内邮件服务器即可，无需互联网；到达可能有延迟，紧急告警请同时配置短信。',
    en: 'Sends mail by an SMTP server, one inside the hospital will do; mail may be late, so have SMS beside it for what is urgent.',
  },
  settings: mailSettings,
  secrets: ['password'],
  address: {
    label: { zh: '邮箱地址', en: 'Mail address' },
    schema: z.email('应为邮箱地址 · a mail address').max(254),
  },
  open: async (settings, context) => (await import('./connection.ts')).openMail(settings, context),
}
