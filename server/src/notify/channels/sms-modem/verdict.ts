import { ChannelError, type ChannelErrorKind } from '../channel.ts'
import { plainLine } from '../plain-text.ts'

interface Meaning {
  kind: ChannelErrorKind
  /** What a technician does about it, zh · en. */
  advice: string
}

const NUMBER: Meaning = { kind: 'recipient', advice: '号码不存在，请核对 · no such number; check it' }
const CONTRACT: Meaning = {
  kind: 'refused',
  advice:
    '运营商拒绝：检查余额、是否停机、短信业务 · refused by the network: check balance, suspension and whether SMS is part of the contract',
}
const SIM: Meaning = {
  kind: 'configuration',
  advice:
    'SIM 卡不可用：检查是否插好、PIN、是否被 PUK 锁定，再 systemctl restart smstools · the SIM cannot be used: is it inserted, is the PIN right, does it ask for the PUK? Then restart smstools',
}
const CENTRE: Meaning = {
  kind: 'configuration',
  advice: '短信中心号码未设置，在 smsd.conf 中写 smsc = … · no service centre: set smsc = … in smsd.conf',
}
const NETWORK: Meaning = {
  kind: 'unreachable',
  advice: '网络暂时不可用：检查天线和信号 · the network cannot take it now: check antenna and signal',
}

/** +CMS ERROR by number: 1-127 are causes of 3GPP TS 24.011 annex E-2, 300-512 of TS 27.005 §3.2.5. What is not here may pass by itself. */
const CMS_ERRORS = new Map<number, Meaning>([
  ...[1, 28].map((code) => [code, NUMBER] as const),
  // 21 "short message transfer rejected" is what Chinese networks answer to a SIM without credit.
  ...[8, 10, 21, 29, 30, 50, 69].map((code) => [code, CONTRACT] as const),
  ...[310, 311, 312, 313, 315, 316, 317, 318].map((code) => [code, SIM] as const),
  [330, CENTRE] as const,
])

/** From the "Fail_reason" of a file in failed/, e.g. "+CMS ERROR: 21 (Short message transfer rejected)". */
export function refusalOf(failReason: string | undefined, carrierSaid: string | undefined): ChannelError {
  const words = plainLine(failReason ?? '').slice(0, 160)
  const code = Number(/\+CMS ERROR:\s*(\d+)/.exec(words)?.[1])
  const { kind, advice } = CMS_ERRORS.get(code) ?? (/\+CME ERROR:\s*(10|11|12|13|15|17|18)\b/.test(words) ? SIM : NETWORK)
  const carrier = kind === 'refused' && carrierSaid !== undefined ? `。运营商来信 · the carrier wrote: “${carrierSaid}”` : ''
  return new ChannelError(kind, `${words === '' ? '短信猫未说明原因 · the modem gave no reason' : words}。${advice}${carrier}`)
}

/** The daemon's log says it in these words (smsd 3.1.21); the last line that matches counts. */
const LOG_LINES: readonly { pattern: RegExp; meaning: Meaning }[] = [
  { pattern: /SIM is locked|SIM not inserted|SIM Blocked|SIM P(IN|UK)|PIN handling.*CME ERROR: 1\d\b/i, meaning: SIM },
  {
    pattern: /Cannot open serial port|Couldn't open serial port|cannot open device|No such (file or directory|device)/i,
    meaning: {
      kind: 'unreachable',
      advice: '找不到短信猫：检查 USB/串口线和 device = … · no modem: check cable and device = … in smsd.conf',
    },
  },
  { pattern: /NOT REGISTERED|not registered/i, meaning: NETWORK },
  {
    pattern: /Modem is not ready|not ready to answer|Blocking \d+ sec/i,
    meaning: { kind: 'unreachable', advice: '短信猫无应答：断电重启短信猫 · the modem does not answer: switch it off and on' },
  },
]

/** Where the message is when nobody wants to wait any longer. */
export type StuckAt = 'outgoing' | 'checked' | 'sending'

/** `logTail`: the end of the daemon's log, or undefined when it cannot be read. */
export function stuckError(at: StuckAt, spoolPath: string, logTail: string | undefined): ChannelError {
  const lines = (logTail ?? '').split('\n')
  // Troubles from before a start or a message that went through are over.
  const recent = lines.slice(lines.findLastIndex((line) => /SMS sent,|Smsd v[\d.]+ started/.test(line)) + 1)
  if (at === 'outgoing' && recent.some((line) => /Cannot read sms file/.test(line)))
    return new ChannelError(
      'configuration',
      `smsd 无权读取 ${spoolPath}/outgoing 中的短信：其进程的组必须与目录的组相同，见说明 · smsd may not read what is in outgoing: its group must be that of the folder`,
    )
  if (at === 'outgoing')
    return new ChannelError(
      'unreachable',
      `短信守护进程未取走 ${spoolPath}/outgoing 中的短信，它在运行吗？systemctl status smstools · the SMS daemon does not take messages: is it running?`,
    )
  for (const line of recent.toReversed()) {
    const found = LOG_LINES.find(({ pattern }) => pattern.test(line))
    if (found !== undefined) return new ChannelError(found.meaning.kind, `smsd: ${wordsOf(line)}。${found.meaning.advice}`)
  }
  const ended = recent.find((line) => /handler \d+ .*terminated/.test(line))
  if (ended !== undefined)
    return new ChannelError(
      'unreachable',
      `smsd: ${wordsOf(ended)}。守护进程已放弃短信猫：systemctl restart smstools · the daemon has given the modem up: restart it`,
    )
  return new ChannelError(
    'unreachable',
    at === 'sending'
      ? '短信正在发送，短信猫还没有答复 · being sent; the modem has not answered yet'
      : '短信猫还没有取走短信：检查短信猫和守护进程的日志 · the modem has not taken the message yet: check the modem and the log of the daemon',
  )
}

/** Without date, time and level: "2026-11-23 01:24:45,2, GSM1: …". */
function wordsOf(line: string): string {
  return plainLine(line.replace(/^[\d\s:.-]+,\d, /, '')).slice(0, 160)
}
