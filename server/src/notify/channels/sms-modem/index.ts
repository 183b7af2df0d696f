import { z } from 'zod'
import type { Channel } from '../channel.ts'
import { openModem } from './connection.ts'
import { phoneNumber } from './phone-number.ts'

const absolutePath = z.string().regex(/^\/[^\0]*$/, '请填写以 / 开头的完整路径 · enter a full path that begins with /')

const settings = z.strictObject({
  spoolPath: absolutePath
    .default('/var/spool/sms')
    .describe(
      'smstools 的目录，内有 outgoing、checked、sent、failed、incoming · Folder of smstools, with outgoing, checked, sent, failed and incoming in it',
    ),
  logPath: absolutePath
    .default('/var/log/smstools/smsd.log')
    .describe(
      'smsd 的日志，短信发不出时从中找原因；读不到也能发送 · Log of smsd, where the reason is looked up when a message is stuck; not needed for sending',
    ),
  maxParts: z
    .int()
    .min(1)
    .max(6)
    .default(2)
    .describe(
      '一条通知最多拆成几条短信；中文每条约 67 字，按条计费 · Most messages one notice may take: 67 Chinese or 153 plain English characters each',
    ),
})
export type SmsModemSettings = z.infer<typeof settings>

export const smsModemChannel: Channel<SmsModemSettings> = {
  name: 'sms-modem',
  title: { zh: '短信猫', en: 'SMS by modem' },
  summary: {
    zh: '通过本机 GSM/4G 短信猫发短信（由 Debian 的 smstools 驱动），不需要互联网；收到短信的人回复六位数字即为确认。',
    en: 'SMS by a GSM or 4G modem at this machine, driven by Debian’s smstools: works without the Internet, and a reply with six digits acknowledges.',
  },
  settings,
  secrets: [],
  address: { label: { zh: '手机号', en: 'Mobile number' }, schema: phoneNumber },
  open: async (options, context) => openModem(options, context),
}
