import type { Channel } from '../channel.ts'
import { type WebhookSettings, webhookSettings } from './settings.ts'

/** A signed POST to any program that takes JSON. */
export const webhookChannel: Channel<WebhookSettings> = {
  name: 'webhook',
  title: { zh: '签名 Webhook', en: 'Signed webhook' },
  summary: {
    zh: '以 JSON 向您自己的系统（工单、总线、值班平台）发送带签名的通知，需要对方提供一个 HTTP 地址。',
    en: 'Posts signed JSON to a system of your own (tickets, bus, paging); needs an HTTP address there.',
  },
  settings: webhookSettings,
  secrets: ['secret', 'token'],
  address: null,
  open: async (settings, context) => (await import('./connection.ts')).openWebhook(settings, context),
}
