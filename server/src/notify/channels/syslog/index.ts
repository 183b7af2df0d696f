import { hostname } from 'node:os'
import type { Channel } from '../channel.ts'
import { guardedConnection } from '../guarded-connection.ts'
import { syslogMessage } from './message.ts'
import { type SyslogSettings, syslogSettings } from './settings.ts'
import { deliver } from './transports.ts'

export const syslogChannel: Channel<SyslogSettings> = {
  name: 'syslog',
  title: { zh: 'Syslog 日志服务器', en: 'Syslog server' },
  summary: {
    zh: '把告警写入日志服务器（RFC 5424，UDP、TCP 或 TLS），供日志审计和态势感知平台使用。',
    en: 'Writes alarms to a log server (RFC 5424 by UDP, TCP or TLS), for log audit and SIEM systems.',
  },
  settings: syslogSettings,
  secrets: ['clientKey'],
  address: null,
  async open(settings) {
    // HOSTNAME is ASCII without spaces; "-" is the RFC's word for unknown.
    const ownName =
      settings.hostname ??
      (hostname()
        .replace(/[^!-~]/g, '')
        .slice(0, 255) ||
        '-')
    return guardedConnection(async (notice, _recipient, signal) => ({
      answer: await deliver(syslogMessage(notice, settings, ownName), settings, signal),
    }))
  },
}
