import type { Channel } from './channel.ts'
import { dingtalkChannel } from './dingtalk/index.ts'
import { feishuChannel } from './feishu/index.ts'
import { mailChannel } from './mail/index.ts'
import { relayChannel } from './relay/index.ts'
import { smsModemChannel } from './sms-modem/index.ts'
import { snmpTrapChannel } from './snmp-trap/index.ts'
import { syslogChannel } from './syslog/index.ts'
import { watcherChannel } from './watcher/index.ts'
import { webhookChannel } from './webhook/index.ts'
import { wecomChannel } from './wecom/index.ts'

/** Every way to tell people, in the order in which they are offered. */
export const CHANNELS: readonly Channel[] = [
  mailChannel,
  smsModemChannel,
  wecomChannel,
  dingtalkChannel,
  feishuChannel,
  webhookChannel,
  relayChannel,
  snmpTrapChannel,
  syslogChannel,
  watcherChannel,
]
