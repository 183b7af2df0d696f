import { createHash } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Notice, Recipient } from '../channel.ts'
import { plainLine, plainText } from '../plain-text.ts'

const COLOURS = { critical: '#b00020', high: '#c2410c', medium: '#a16207', low: '#1d4ed8' } as const

/** The whole message in bytes: plain text, the same as simple HTML, the notice's files; nothing is loaded from anywhere. */
export async function mailMessage(
  notice: Notice,
  recipient: Recipient,
  sender: { address: string; name: string },
  nowMs: number,
): Promise<Buffer> {
  const isUrgent = notice.kind !== 'clear' && (notice.priority === 'critical' || notice.priority === 'high')
  const url = webAddress(notice.url)
  const lines = plainText(notice.text).trim()
  return new MailComposer({
    from: { address: sender.address, name: plainLine(sender.name) },
    to: { address: recipient.address, name: plainLine(recipient.name) },
    subject: plainLine(notice.title),
    date: new Date(nowMs),
    messageId: messageId(notice.id, sender.address),
    text: [lines, ...(url === undefined ? [] : ['', url])].join('\n'),
    html: html(notice, lines, url),
    attachments: (notice.files ?? []).map(({ name, type, bytes }) => ({
      filename: name,
      contentType: type,
      content: Buffer.from(bytes),
      contentDisposition: 'attachment',
    })),
    headers: {
      // RFC 3834: absence notes and mailing lists must not answer; Exchange wants its own header for that.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Roomkeeper-Kind': notice.kind,
      // RFC 4021, and what older clients look at.
      ...(isUrgent ? { Importance: 'high', 'X-Priority': '1' } : {}),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
}

/** The same for every attempt at one notice, so that mail servers and readers can drop the second copy. */
export function messageId(noticeId: string, senderAddress: string): string {
  const hash = createHash('sha256').update(noticeId).digest('hex').slice(0, 32)
  return `<${hash}@${senderAddress.split('@').at(-1) ?? 'roomkeeper.invalid'}>`
}

function html(notice: Notice, lines: string, url: string | undefined): string {
  const colour = notice.kind === 'clear' || notice.kind === 'all-clear' ? '#15803d' : COLOURS[notice.priority]
  const { zh, en } = notice.kind === 'report' ? { zh: '打开报告页', en: 'Open the reports' } : { zh: '打开告警', en: 'Open the alarm' }
  const link = url === undefined ? '' : `<p><a href="${escaped(url)}">${notice.language === 'zh' ? zh : en}</a></p>`
  return `<!doctype html><html lang="${notice.language}"><body style="font-family:sans-serif;font-size:15px;line-height:1.6;color:#1f2937">
<p style="margin:0 0 12px;padding:8px 12px;border-left:6px solid ${colour};font-size:18px;font-weight:bold">${escaped(plainLine(notice.title))}</p>
<p style="white-space:pre-wrap">${escaped(lines)}</p>
${link}
</body></html>`
}

/** Only what a browser may open: no `javascript:`. */
function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? new URL(url).href : undefined
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
