import { cut, timeText } from '../notify/render/alarm-notice.ts'
import type { Language } from '../notify/render/words.ts'
import type { WatchNews } from './decide-watch.ts'

export interface WatchWords {
  title: string
  text: string
}

/** The words of a message. `hint`: why heartbeats that came were refused, when some were. */
export function watchWords(news: WatchNews, name: string, language: Language, nowMs: number, hint = ''): WatchWords {
  const zh = language === 'zh'
  const [head, ...lines] = linesOf(news, name, zh, nowMs, hint)
  return { title: cut(head ?? name), text: [head, ...lines, timeText(nowMs)].filter(Boolean).join('\n') }
}

function linesOf(news: WatchNews, name: string, zh: boolean, nowMs: number, hint: string): string[] {
  const minutesSince = (ms: number): number => Math.max(1, Math.round((nowMs - ms) / 60_000))
  switch (news.kind) {
    case 'silent': {
      const minutes = minutesSince(news.sinceMs)
      return zh
        ? [
            `[看门狗] ${name} ${news.isRepeat ? '仍' : ''}没有心跳，已 ${minutes} 分钟`,
            '服务器可能停机、断电、断网，或告警写不出去；期间机房无人监测。',
            `最后一次心跳：${timeText(news.sinceMs)}`,
            hint === '' ? '' : `收到过被拒绝的心跳：${hint}`,
            '处置：检查服务器的电源、网络与 roomkeeper-server 服务；同时派人看机房。',
          ]
        : [
            `[Watchdog] ${name}: ${news.isRepeat ? 'still ' : ''}no heartbeat for ${minutes} min`,
            'The server may be down, without power or network, or unable to write alarms; nothing watches the rooms meanwhile.',
            `Last heartbeat: ${timeText(news.sinceMs)}`,
            hint === '' ? '' : `Heartbeats came and were refused: ${hint}`,
            'To do: check power, network and the service roomkeeper-server; send somebody to look at the rooms.',
          ]
    }
    case 'back':
      return zh
        ? [`[看门狗] ${name} 恢复心跳`, `中断约 ${minutesSince(news.sinceMs)} 分钟；请查看期间有无补报的告警。`]
        : [
            `[Watchdog] ${name}: heartbeats are back`,
            `Gone for about ${minutesSince(news.sinceMs)} min; look for late alarms of that time.`,
          ]
    case 'ill': {
      const names = news.parts.map((part) => part.name).join(', ')
      const parts = news.parts.map((part) => `· ${part.name} (${timeText(part.sinceMs)}): ${part.message}`)
      return zh
        ? [`[看门狗] ${name} 部分异常：${names}`, ...parts, '处置：在“系统”页查看原因。']
        : [`[Watchdog] ${name}: not well: ${names}`, ...parts, 'To do: see why on the page “System”.']
    }
    case 'well':
      return zh ? [`[看门狗] ${name} 已正常：${news.names.join(', ')}`] : [`[Watchdog] ${name}: well again: ${news.names.join(', ')}`]
    case 'weekly': {
      const last = news.lastHeartbeatMs === null ? '—' : timeText(news.lastHeartbeatMs)
      const state = zh ? (news.isSilent ? '目前没有心跳！' : '心跳正常。') : news.isSilent ? 'No heartbeat at present!' : 'Heartbeats come.'
      return zh
        ? [`[看门狗] 在岗，正在看守 ${name}`, state, `最后一次心跳：${last}`, '哪一周没有收到本消息，请检查看门狗。']
        : [
            `[Watchdog] alive, watching ${name}`,
            state,
            `Last heartbeat: ${last}`,
            'If this message does not come one week, look after the watchdog.',
          ]
    }
  }
}
