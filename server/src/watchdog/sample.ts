/** What `roomkeeper watchdog --init` prints. */
export const WATCHDOG_SAMPLE = `# roomkeeper watchdog：放在另一台机器上（另一路电源、另一个网络出口更好），用自己的邮件或短信猫。
# Runs on another machine, best with other power and another way out, and tells people by a mail account or an SMS modem of its own.
# 本文件含密钥：chmod 600 · this file holds secrets: chmod 600

# 通知里对服务器的称呼 · what the server is called in messages
name: 中心机房监控

# 接收心跳的地址；在服务器的“通知”页添加“外部看门狗”通道，地址填 http://本机:8091/heartbeat
# Where heartbeats come in; on the server's page "Notices" add the channel "Outside watcher" with http://this-machine:8091/heartbeat
host: 0.0.0.0
port: 8091

# 与通道中的密钥相同，至少 16 个字符 · the same as in the channel, 16 characters or more
secret: please-change-this-secret

# 重启后仍记得已经报过警 · remembers over restarts what was told
stateFile: watchdog-state.json

# 这么久没有心跳就通知人员 · without a heartbeat for so long people are told
silentAfterMinutes: 5
# 心跳说某部分异常超过这么久也通知 · so long ill by its own heartbeats: told too
illAfterMinutes: 10
# 恢复前每隔这么久再通知一次 · told again so often until it is over
repeatMinutes: 60

# 每周一次“看门狗在岗”的消息；不要则写 weekly: null · a weekly word that the watchdog lives; weekly: null for none
weekly:
  day: 1
  at: '09:00'
timeZone: Asia/Shanghai

# 通知谁：mail、sms-modem、webhook、wecom …，settings 与服务器上同名通道相同
# Whom to tell: mail, sms-modem, webhook, wecom …; settings as those of the server's channel of that name
tell:
  - channel: mail
    settings:
      host: smtp.example.org
      user: watchdog@example.org
      password: its-password
      from: watchdog@example.org
    to:
      - on-call@example.org
#  - channel: sms-modem
#    settings: {}
#    to: ['13800000000']
`
